/** Prometheus text, read as a scraper would. */

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface Exposition {
  readonly text: string;
  readonly samples: readonly Sample[];
  /** The sum of every sample of that name whose labels include these. */
  sum(name: string, labels?: Labels): number;
  /** The value of the only such sample; undefined if there is none. */
  value(name: string, labels?: Labels): number | undefined;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*?)\})? (\S+)(?: # .*)?$/;

export function parseExposition(text: string): Exposition {
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseLine);
  const select = (name: string, labels: Labels): Sample[] =>
    samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  return {
    text,
    samples,
    sum: (name, labels = {}) => select(name, labels).reduce((sum, { value }) => sum + value, 0),
    value(name, labels = {}) {
      const found = select(name, labels);
      if (found.length > 1)
        throw new Error(`${found.length} samples of ${name} match ${JSON.stringify(labels)}`);
      return found[0]?.value;
    },
  };
}

function parseLine(line: string): Sample {
  const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? [];
  if (name === '') throw new Error(`not a line of the exposition: ${line}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    value: Number(value),
    labels: Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text])),
  };
}
