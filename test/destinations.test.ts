import { destinationsOf, destinationsOfInstrumented } from '../src/destinations';
import { instrumentSettings } from '../src/instrument-settings';
import { cleanUp, load, TOKEN, workplace } from './settings-support';

/** What an operator is told at the start of where data goes. */

afterEach(cleanUp);

type Environment = Readonly<Record<string, string>>;
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
const said = (environment: Environment) => destinationsOf(load({ environment }));

it('where nothing goes anywhere, nothing', () => {
  expect(said({})).toEqual([]);
  expect(said({ OTEL_SDK_DISABLED: 'true' })).toEqual([]);
});

it.each([
  ['always_on', '', 'all of them'],
  ['always_off', '', 'all that failed or came late'],
  ['traceidratio', '0.1', '10% of them, and all that failed or came late'],
  ['parentbased_traceidratio', '0.005', '0.5% of them, and all that failed or came late'],
])('to whom traces go, how, and which: by %s %s', (sampler, ratio, part) => {
  const environment = { ...ENDPOINT, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio };
  expect(said(environment)).toEqual([`Traces go to 127.0.0.1:4318 (http/json, ${part}).`]);
});

it('the host alone, as there may be a key in the rest', () => {
  const OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = 'https://user:secret@traces.example.com/x?key=secret';
  const [sentence = ''] = said({ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT });
  expect(sentence).toMatch(/^Traces go to traces\.example\.com \(/);
  expect(said({ SENTRY_DSN: 'https://secret@o1.ingest.sentry.io/2' })).toEqual([
    'Errors go to Sentry at o1.ingest.sentry.io.',
  ]);
});

it.each([
  ['OTEL_SDK_DISABLED', 'true'],
  ['OTEL_TRACES_EXPORTER', 'none'],
])('why there are no traces though somebody has said where to: %s', (name, text) => {
  expect(said({ ...ENDPOINT, [name]: text })).toEqual([`No traces: ${name} is set.`]);
});

describe('of a bot that is not ours', () => {
  const saidOf = (environment: Environment) =>
    destinationsOfInstrumented(instrumentSettings(environment, TOKEN, workplace()), environment);

  it.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])(
    'that %s is the bot’s, and which is ours',
    (name) => {
      expect(saidOf({ [name]: 'http://theirs:4318' })).toEqual([
        `${name} is the bot's own; Telltale's is TELLTALE_${name}.`,
      ]);
    },
  );

  it('nothing of that where ours is set, or is not wanted', () => {
    const TELLTALE_OTEL_EXPORTER_OTLP_ENDPOINT = 'http://ours:4318';
    expect(saidOf({ ...ENDPOINT, TELLTALE_OTEL_EXPORTER_OTLP_ENDPOINT })).toEqual([
      expect.stringMatching(/^Traces go to ours:4318 /),
    ]);
    expect(saidOf({ ...ENDPOINT, TELLTALE_OTEL_SDK_DISABLED: '1' })).toEqual([]);
    expect(saidOf({})).toEqual([]);
  });

  it('the variable as it was set', () => {
    const environment = {
      TELLTALE_OTEL_EXPORTER_OTLP_ENDPOINT: 'http://ours:4318',
      TELLTALE_OTEL_SDK_DISABLED: '1',
    };
    expect(saidOf(environment)).toEqual(['No traces: TELLTALE_OTEL_SDK_DISABLED is set.']);
  });
});
