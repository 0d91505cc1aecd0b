# SPDX-License-Identifier: MIT
"""parsers.py BUILD: names with control, bidi, escape and markup characters in reports and pictures,
as other programs parse them: json, csv, xml.etree and html.parser of Python, cmark-gfm for Markdown
if it is installed. TAP on stdout."""
import csv
import html.parser
import io
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

BUILD = sys.argv[1]
NAMES = ['=1+1', '+1', '-1', '@x', '|', 'a|b', '`c`', '*x*', '_y_', '[z](http://z)', '![i](u)', '# h',
         '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '&lt', '&', 'x@b.com', 'www.a.b', ']]>', '-->', '"',
         "'", '" onload="x', '\x1b[31mred', '\x1b]0t\x07', '\x07', '\x08', '\x0b', '\x7f', '\x9b1m',
         '\u202ertl', '\u2066i', '\u200fm', '\u061cn', '\u2028', '\ufeff', '\ufffe', 'a\\b', '\\|',
         'a,b', 'a"b', '{{frames}}', '%s', '$x', '~~s~~', 'http://a.b/', '1. x', '- x', '> q', '\u706b']
BAD = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]')
# JSON also has no raw line ends in texts, and nothing that ends a script or an element.
NOT_JSON = re.compile(BAD.pattern[:-1] + "\t<>&'\ufffe]")
run = failed = 0


def ok(good, title, *why):
    global run, failed
    run += 1
    failed += not good
    print('%sok %d - %s' % ('' if good else 'not ', run, title))
    for line in why if not good else ():
        print('# ' + ascii(line)[:800])


def call(program, *words):
    done = subprocess.run([BUILD + '/' + program, '-q', *words], capture_output=True, timeout=120,
                          check=False)
    return done.stdout.decode('utf-8'), done.returncode


def letters(name):
    """What must be left of a name in any report: all that cannot harm."""
    return re.sub('[^ -~\u706b]', '', name)


def same(found, title):
    want = sorted(letters(name) for name in NAMES)
    got = sorted(letters(name) for name in found)
    missing = [name for name in want if name not in got]
    ok(not missing, title, missing, got)


def texts(value):
    """All texts in JSON, keys included."""
    if isinstance(value, dict):
        return list(value) + [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def same_json(text, title, names=tuple(NAMES)):
    """Each name is there as it was; U+FFFD is for what is no text in XML."""
    ok(not NOT_JSON.search(text), title + ': nothing raw that could harm', NOT_JSON.findall(text))
    found = texts(json.loads(text))
    missing = [name for name in names if name not in found]
    ok(not missing, title + ': the names', missing, found)


class Page(html.parser.HTMLParser):
    """The tags, the attributes, and the texts of cells and titles."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.cells, self.inside = set(), set(), [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == 'a' and dict(attrs).get('href', '').startswith('mailto:'):
            return
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag in ('td', 'title'):
            self.cells.append('')
            self.inside = True

    def handle_endtag(self, tag):
        if tag in ('td', 'title'):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.cells[-1] += data


def put(name, names, weight):
    with open(name, 'w', encoding='utf-8', newline='') as file:
        for i, text in enumerate(names):
            file.write('main;%s %d\n' % (text, weight + i))


plain = ['plain%d' % i for i in range(len(NAMES))]
put('before', NAMES, 1000)
put('after', NAMES, 3000)
put('plain', plain, 1000)

text, status = call('flamegraph', '--report=json', 'before')
same_json(text, 'a report in JSON')
text, status = call('flamegraph', '--report=csv', 'before')
rows = list(csv.DictReader(io.StringIO(text, newline='')))
same([re.sub("^'(?=[-=+@])", '', row['function']) for row in rows], 'CSV')
ok(all(None not in row and len(row) == len(rows[0]) for row in rows), 'CSV: cells')
ok(not [row for row in rows if row['function'][:1] in '=+-@\t\r' and row['function']],
   'CSV: no formula', [row['function'] for row in rows])
ok(not BAD.search(text), 'CSV: no controls', BAD.findall(text))
text, status = call('flamediff', '--report=csv', 'before', 'after')
rows = list(csv.reader(io.StringIO(text, newline='')))
ok(len({len(row) for row in rows if row}) == 1, 'CSV of a comparison', {len(row) for row in rows})
text, status = call('flamediff', '--report=json', 'before', 'after')
same_json(text, 'a comparison in JSON')
text, status = call('flamediff', '--series', '--report=json', 'before', 'before', 'after', 'after')
same_json(text, 'a series in JSON', ())
text, status = call('collapse', '--output-format=speedscope', 'before')
same_json(text, 'a profile for speedscope')
with open('host', 'w', encoding='utf-8', newline='') as file:
    file.write('# hostname : ' + ''.join(set(NAMES)).replace('\n', '') + '\na 1 1.0: 1 c: \n\t1 f (/x)\n')
text, status = call('flamegraph', '--info', '--json', 'host')
same_json(text, 'facts in JSON', ())

for program, files in ('flamegraph', ['before']), ('flamediff', ['before', 'after']):
    text, status = call(program, '--report=text', *files)
    ok(not BAD.search(text.replace('\n', '')), program + ': text for a terminal', BAD.findall(text))
    text, status = call(program, '--report=markdown', '--top', '999', *files)
    ok(not BAD.search(text.replace('\n', '')), program + ': Markdown has no controls',
       BAD.findall(text))
    if not shutil.which('cmark-gfm'):
        continue
    shown = subprocess.run(['cmark-gfm', '--unsafe', '-e', 'table', '-e', 'autolink', '-e',
                            'strikethrough'], input=text.encode(), capture_output=True, check=True)
    page = Page(shown.stdout.decode())
    allowed = {'table', 'thead', 'tbody', 'tr', 'th', 'td', 'p', 'code', 'h1', 'h2', 'h3', 'ul', 'li',
               'strong', 'em', 'details', 'summary', 'pre'}
    ok(page.tags <= allowed and page.attributes <= {'align'}, program + ': Markdown is a table',
       page.tags - allowed, page.attributes)
    if program == 'flamegraph':
        same(page.cells, 'Markdown: the names')

call('flamediff', '--fail-on=any>1%', '--junit=j.xml', '--report=text', 'before', 'after')
suite = xml.etree.ElementTree.parse('j.xml').getroot()
with open('j.xml', encoding='utf-8') as file:
    text = file.read()
ok(suite.tag in ('testsuites', 'testsuite') and not BAD.search(text.replace('\n', '')), 'JUnit',
   BAD.findall(text))

call('flamegraph', '-o', 'x.svg', 'before')
call('flamegraph', '-o', 'plain.svg', 'plain')
with open('x.svg', encoding='utf-8') as file:
    text = file.read()
call('flamegraph', '-o', 'settings.svg', '--countname=' + NAMES[30], '--nametype=' + NAMES[23],
     'before')
with open('settings.svg', encoding='utf-8') as file:
    same_json(file.read().split('\nflametree 1\n')[1].split('\n')[0], 'settings in a picture',
              (NAMES[30], NAMES[23]))
with open('plain.svg', encoding='utf-8') as file:
    without = Page('<!doctype html><body>' + file.read())
tree = xml.etree.ElementTree.fromstring(text.encode())
titles = [title.text or '' for title in tree.iter('{http://www.w3.org/2000/svg}title')]
same([title.rsplit(' (', 1)[0] for title in titles], 'SVG: as XML')
page = Page('<!doctype html><body>' + text)
ok(page.tags <= without.tags and page.attributes <= without.attributes, 'SVG: within a page',
   page.tags - without.tags, page.attributes - without.attributes)
print('1..%d' % run)
sys.exit(failed > 0)
