/** The pieces of names choose candidates only: whatever the pattern of `contains` finds, they must let through. */
import { describe, expect, test } from '@jest/globals';
import { gramsOf, gramsWithin } from '../../models/grams.js';
import { named } from '../../services/fuzzy.js';

const lets = (name: string, text: string) => {
  const grams = gramsOf(name);
  return gramsWithin(text).every((gram) => grams.includes(gram));
};

describe('pieces', () => {
  test('are characters and pairs, each once, without case', () => {
    expect(gramsOf('王小小小')).toEqual(['王', '小', '王小', '小小']);
    expect(gramsOf('Li')).toEqual(['l', 'i', 'li']);
    expect(gramsOf('👩🏽a')).toEqual(['👩', '🏽', 'a', '👩🏽', '🏽a']);
    // An empty array would be indexed as a row that has none yet.
    expect([gramsOf(null), gramsOf(undefined), gramsOf('')]).toEqual([[''], [''], ['']]);
  });

  test('of what is looked for: the only character, or the pairs', () => {
    expect(gramsWithin('')).toEqual([]);
    expect(gramsWithin('小')).toEqual(['小']);
    expect(gramsWithin('李小明')).toEqual(['李小', '小明']);
    expect(gramsWithin('😀')).toEqual(['😀']);
    expect(gramsWithin('𠮷田')).toEqual(['𠮷田']);
    expect(gramsWithin('AaA')).toEqual(['aa']);
  });

  test.each([
    ['欧阳小明', '阳小'],
    ['欧阳小明', '明'],
    ['Zhang San', 'ANG s'],
    ['ZHANG', 'zhang'],
    ['Straẞe', 'ß'],
    ['ΑΣ', 'ς'],
    ['\u212Aelvin', 'kel'],
    ['𠮷田😀', '田😀'],
    ['a.b*c', '.B*'],
  ])('%s lets %s through', (name, text) => expect(lets(name, text)).toBe(true));

  test.each([
    ['欧阳小明', '阳明'],
    ['王一', '李'],
    ['😀', '😁'],
  ])('%s is left out for %s', (name, text) => expect(lets(name, text)).toBe(false));

  test('no caseless pattern matches two characters of different pieces', () => {
    const folded = (char: string) => gramsWithin(char)[0];
    const apart: string[] = [];
    for (let code = 1; code < 0x1f000; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const char = String.fromCodePoint(code);
      for (const other of new Set([...char.toLowerCase(), ...char.toUpperCase()]))
        if (
          other !== char &&
          folded(char) !== folded(other) &&
          new RegExp(`^\\u{${code.toString(16)}}$`, 'iu').test(other)
        )
          apart.push(`${char} ${other}`);
    }
    expect(apart).toEqual([]);
  });

  test('random texts: what stands in a name is let through', () => {
    const letters = ['王', '小', '明', 'a', 'A', 'b', '😀', '𠮷', ' ', '.'];
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let run = 0; run < 2_000; run += 1) {
      const chars = Array.from({ length: 1 + random(8) }, () => letters[random(letters.length)] ?? '');
      const from = random(chars.length);
      const text = chars.slice(from, from + 1 + random(4)).join('');
      expect([chars.join(''), text, lets(chars.join('').toUpperCase(), text)]).toEqual([
        ...[chars.join(''), text, true],
      ]);
    }
  });
});

test('a filter asks for the pieces and for the text itself', () => {
  expect(named('visitorName', '小A')).toEqual({
    visitorName: { $regex: '小A', $options: 'i' },
    visitorNameGrams: { $all: ['小a'] },
  });
  expect(named('name', '')).toEqual({ name: { $regex: '', $options: 'i' } });
  expect(named('name', undefined)).toEqual({});
});
