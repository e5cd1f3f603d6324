import { ByteReader, ByteWriter } from '../../src/stats/bytes';
import { createUserHash, userHashKey } from '../../src/stats/user-hash';
import { UserSketch } from '../../src/stats/user-sketch';

const hash = createUserHash(userHashKey('a token', null));
const hashes = Array.from({ length: 100_000 }, (_, i) => hash(String(i)));
const sketchOf = (users: readonly string[]): UserSketch => {
  const sketch = new UserSketch();
  for (const user of users) sketch.add(user);
  return sketch;
};
const encoded = (sketch: UserSketch): Uint8Array => {
  const writer = new ByteWriter();
  sketch.encode(writer);
  return writer.finish();
};
const decoded = (...parts: readonly Uint8Array[]): UserSketch => {
  const sketch = new UserSketch();
  for (const bytes of parts) sketch.mergeEncoded(new ByteReader(bytes));
  return sketch;
};

describe('the user sketch', () => {
  it('counts the few users of a small bot exactly, however often they come', () => {
    for (let from = 0; from < 5_000; from += 100) {
      const hundred = hashes.slice(from, from + 100);
      expect(sketchOf([...hundred, ...hundred]).count()).toBe(100);
    }
    expect(new UserSketch().count()).toBe(0);
  });

  it('counts the many users of a large one within 5 %', () => {
    for (const users of [513, 1_000, 3_000, 10_000, 30_000, 100_000]) {
      expect(Math.abs(sketchOf(hashes.slice(0, users)).count() / users - 1)).toBeLessThan(0.05);
    }
  });

  it.each([1, 30, 500, 60_000])(
    'gives the users of a day from those of its hours: %i of them, each in several hours',
    (users) => {
      const day = hashes.slice(0, users);
      const hours = Array.from({ length: 24 }, (_, hour) =>
        sketchOf(day.filter((_user, i) => i % 24 === hour || i % 7 === hour % 7)),
      );
      const merged = new UserSketch();
      for (const hour of hours) merged.merge(hour);
      const whole = sketchOf(day);
      expect(merged.count()).toBe(whole.count());
      expect(decoded(...hours.map(encoded)).count()).toBe(whole.count());
      expect(Buffer.from(encoded(decoded(...hours.toReversed().map(encoded))))).toEqual(
        Buffer.from(encoded(whole)),
      );
    },
  );

  it('takes little room: few users a few bytes each, and many never more than 3 KiB', () => {
    expect(encoded(new UserSketch())).toHaveLength(1);
    expect(encoded(sketchOf(hashes.slice(0, 12))).length).toBeLessThan(12 * 4);
    expect(encoded(sketchOf(hashes.slice(0, 512))).length).toBeLessThan(2 * 1024);
    expect(encoded(sketchOf(hashes)).length).toBeLessThanOrEqual(3 * 1024 + 2);
  });

  it('keeps the rank of a hash that begins with zeros', () => {
    const rare = ['AAAAAAAAAAAAAAAA', 'AAAAAAABAAAAAAAA', '____AAAAAAAAAAAA', 'AAwAAAAAAAAAAAAA'];
    expect(decoded(encoded(sketchOf(rare))).count()).toBe(4);
    expect(encoded(decoded(encoded(sketchOf([...hashes, ...rare]))))).toEqual(
      encoded(sketchOf([...rare, ...hashes])),
    );
  });

  it('says that bytes are damaged, whatever they are', () => {
    const bytes = encoded(sketchOf(hashes.slice(0, 50)));
    expect(() => decoded(bytes.subarray(0, -1))).toThrow(RangeError);
    expect(() => decoded(Uint8Array.of(0xff, 0xff, 0x7f))).toThrow(RangeError);
    expect(() => decoded(Uint8Array.of(2, 0xff, 0xff, 0xff, 0x7f, 0))).toThrow(RangeError);
    expect(() => decoded(new Uint8Array(0))).toThrow(RangeError);
    expect(() => new UserSketch().add('? ?')).toThrow(RangeError);
  });
});

describe('the hash of a user', () => {
  it('is the same in every process of a fleet, and another under another key', () => {
    expect(createUserHash(userHashKey('a token', null))('1')).toBe(hash('1'));
    expect(createUserHash(userHashKey('a token', 'a key of its own'))('1')).not.toBe(hash('1'));
    expect(createUserHash(userHashKey('another token', 'a key of its own'))('1')).toBe(
      createUserHash(userHashKey('a token', 'a key of its own'))('1'),
    );
    expect(hash('1')).toMatch(/^[A-Za-z0-9_-]{16}$/);
  });
});
