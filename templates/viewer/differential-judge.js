// What became of a weight between two sides, and how sure that is: the judgement of
// src/stack/change.c, for trees that only the viewer knows. Only in pictures of two sides.

let {exp, hypot, log, log1p, sqrt} = Math

// ln of the gamma function, by Stirling's series.
function logGamma(x) {
  let shift = 0
  while (x < 12) shift -= log(x++)
  let r = 1 / (x * x)
  return shift + (x - 0.5) * log(x) - x + 0.9189385332046728
    + (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / x
}

// The regularised incomplete beta function, by Lentz's method.
function beta(x, a, b) {
  if (x <= 0 || x >= 1) return +(x > 0)
  if (x > (a + 1) / (a + b + 2)) return 1 - beta(1 - x, b, a)
  let c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), h = d
  for (let m = 1, step = 0; m < 1e5 && abs(step - 1) > 1e-15; m++) {
    let k = a + 2 * m
    for (let term of [m * (b - m) * x / ((k - 1) * k),
      -(a + m) * (a + b + m) * x / (k * (k + 1))]) {
      d = 1 / (1 + term * d || 1e-300)
      c = 1 + term / c || 1e-300
      step = c * d
      h *= step
    }
  }
  return h / a * exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
}

// Student's t: the chance to be further out, and the t that has it.
let tTail = (t, df) => beta(df / (df + t * t), df / 2, 0.5)

function tQuantile(p, df) {
  let low = 0, high = 1
  while (high < 1e150 && tTail(high, df) > p) high *= 2
  for (let i = 0; i < 60; i++) {
    let middle = (low + high) / 2
    if (tTail(middle, df) > p) low = middle; else high = middle
  }
  return high
}

// Fisher's exact test: whether a of n and b of m come from one share; the smaller tail, doubled.
function testShares(a, n, b, m) {
  [a, n, b, m] = [a, n, b, m].map(round)
  let drawn = a + b, k = b, white = m, black = n
  if (b * n <= a * m) [k, white, black] = [a, n, m]
  if (!drawn) return 1
  let chosen = (all, some) => logGamma(all + 1) - logGamma(some + 1) - logGamma(all - some + 1)
  let first = chosen(white, k) + chosen(black, drawn - k) - chosen(white + black, drawn)
  let sum = 1
  for (let term = 1; k < min(drawn, white) && term > sum * 1e-17; k++) {
    term *= (white - k) * (drawn - k) / ((k + 1) * (black - drawn + k + 1))
    sum += term
  }
  return min(1, 2 * exp(first + log(sum)))
}

// The exact test of two Poisson counts, of which b is expected to be that share.
let testCounts = (a, b, share) => (a + b <= 0 ? 1
  : min(1, 2 * (b > (a + b) * share ? beta(share, b, a + 1) : beta(1 - share, a, b + 1))))

// Score intervals, of a share out of n and of a count.
function wilson(share, n, z) {
  let more = z * z / n, middle = share + more / 2
  let half = z * sqrt(share * (1 - share) / n + more / (4 * n))
  return [share > 0 ? max(0, (middle - half) / (1 + more)) : 0,
    share < 1 ? min(1, (middle + half) / (1 + more)) : 1]
}

let poisson = (count, z) => [-1, 1].map(sign => (sign < 0 && count <= 0 ? 0
  : count + z * z / 2 + sign * z * sqrt(count + z * z / 4)))

// A judge takes a weight of each run and says what became of it, on the scale of the picture; in
// `rule` are the members of "delta" (doc/format.md). `kind` 0 is a frame, 1 a function.
// The width of an interval grows as p falls by halves: look for the two steps between which it is
// the change.
function findP(change, width) {
  let low = 0, high = 48, below = 0, above = 0
  while (high - low > 1) {
    let middle = (low + high) >> 1, half = width(2 ** -middle)
    if (half > change) [high, above] = [middle, half]; else [low, below] = [middle, half]
  }
  return 2 ** -(low + (above && (change - below) / (above - below)))
}

function makeJudge({runs, scale, own, common, z, level, least, whole, sure}) {
  let shares = scale === 'shares', counted = runs.every(run => run[2]), n = [0, 0], known = [0, 0]
  for (let [side, value, samples] of runs) {
    n[side]++
    known[side] += samples / value
  }
  let learners = runs.length - 2, repeated = counted ? learners > 0 : min(...n) > 1
  return (weights, kind = 0) => {
    let mean = [0, 0], share = [0, 0], samples = [0, 0], noise = [0, 0], squares = [0, 0]
    runs.forEach(([side, unit, sample, total], r) => {
      let value = weights[r] * unit
      share[side] += total && weights[r] / total / n[side]
      mean[side] += value / n[side]
      samples[side] += weights[r] * sample
      noise[side] += sample && value * (shares ? max(0, 1 - value) : 1) * unit / sample / n[side]
    })
    runs.forEach(([side, unit], r) => {
      squares[side] += (weights[r] * unit - mean[side]) ** 2 / max(1, n[side] - 1)
    })
    let [before, after] = mean, change = after - before, p = 1, width
    // Could counting samples alone have made it?
    if (counted && known[0] && known[1]) {
      p = shares ? testShares(samples[0], known[0], samples[1], known[1])
        : testCounts(...samples, known[1] / (known[0] + known[1]))
    }
    // Could runs that differ by themselves have made it?
    if (repeated) {
      let joint = 0, rest = 0, owns = 0, unsure = 0
      for (let side of [0, 1]) {
        let squared = mean[side] ** 2 / n[side]
        let ours = own[0] * max(0, 1 - share[side] ** 2) * squared
        let usual = noise[side] / n[side] + ours
        let excess = n[side] > 1 && max(0, squares[side] / n[side] - common * squared - usual)
        joint += common * squared
        rest += usual + excess
        owns += ours
        unsure += excess ** 2 / max(1, n[side] - 1)
      }
      unsure += owns ** 2 / own[1]
      let freedom = unsure ? max(1, rest ** 2 / unsure) : 1e9, error = sqrt(joint + rest)
      if (error) {
        width = at => sqrt(rest * tQuantile(at, freedom) ** 2
          + (joint && joint * tQuantile(at, learners) ** 2))
        let chance = tTail(change / error, joint ? 1e9 : freedom)
        if (joint && chance <= level) chance = findP(abs(change), width)
        p = max(counted && p, chance)
      }
    }
    let effect = change / whole, verdict = 'noise'
    if (!counted && !repeated) verdict = 'unknown'
    else if (p <= sure[kind] * (1 + 1e-9) && effect && abs(effect) >= least) {
      verdict = effect > 0 ? before > 0 ? 'slower' : 'new' : after > 0 ? 'faster' : 'vanished'
    }
    // The interval of the change, when somebody asks.
    let range = () => {
      let ends = []
      if (counted) {
        let sides = samples.map((count, side) => {
          let value = count / known[side]
          return shares ? [min(1, value), ...wilson(min(1, value), known[side], z)]
            : [value, ...poisson(count, z).map(end => end / known[side])]
        })
        let [[a, aLow, aHigh], [b, bLow, bHigh]] = sides
        ends = [b - a - hypot(b - bLow, aHigh - a), b - a + hypot(bHigh - b, a - aLow)]
      }
      if (width) {
        let half = width(level)
        ends.push(change - half, change + half)
      }
      return ends.length ? [min(...ends), max(...ends)] : [-Infinity, Infinity]
    }
    return {before, after, change, effect, p, verdict, range}
  }
}

// The colour of a change out of the largest one: red for growth, blue for shrinking.
function changeColour(change, most, negate) {
  let rest = max(0, Math.trunc(210 * (most - abs(change)) / most))
  return !change ? 0xffffff : change > 0 === !negate ? 0xff0000 | rest * 257 : rest * 65792 | 255
}
