# SPDX-License-Identifier: MIT
# frames.awk: the frames of an SVG of ours, one a line: title, x, y, width, height, fill and label,
# TAB between them. It knows that the renderer writes a frame on a line of its own.

function text(markup) {
    gsub(/&lt;/, "<", markup)
    gsub(/&gt;/, ">", markup)
    gsub(/&quot;/, "\"", markup)
    gsub(/&#39;/, "'", markup)
    gsub(/&amp;/, "\\&", markup)
    return markup
}

function between(start, stop,    rest) {
    rest = substr($0, index($0, start) + length(start))
    return substr(rest, 1, index(rest, stop) - 1)
}

/^<(g|a)[ >].*<rect / {
    label = $0 ~ /<text\/>/ ? "" : $0
    sub(/.*<text[^>]*>/, "", label)
    sub(/<\/text>.*/, "", label)
    printf "%s\t%.1f\t%.1f\t%.1f\t%.1f\t%s\t%s\n", text(between("<title>", "</title>")), \
        between(" x=\"", "\""), between(" y=\"", "\""), between(" width=\"", "\""), \
        between(" height=\"", "\""), between(" fill=\"", "\""), text(label)
}
