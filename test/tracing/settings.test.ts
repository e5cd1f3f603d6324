import { instrumentSettings } from '../../src/instrument-settings';
import { SettingsError } from '../../src/settings';
import { cleanUp, load, local, problemsOf, TOKEN, workplace } from '../settings-support';

/** OpenTelemetry's variables, read as everywhere else. */

afterEach(cleanUp);

it('are those that other programs have', () => {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/custom/path',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-scope-orgid=1 ',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_SDK_DISABLED: 'true',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    OTEL_SERVICE_NAME: 'harbour',
    OTEL_RESOURCE_ATTRIBUTES: 'cloud.region=eu-west-1,team=a%2Cb',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_BSP_MAX_QUEUE_SIZE: '10',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
    OTEL_BSP_EXPORT_TIMEOUT: '1000',
  };
  expect(load({ environment }).tracing).toEqual({
    endpoint: 'http://collector:4318',
    tracesEndpoint: 'https://traces.example.com/custom/path',
    headers: { authorization: 'Bearer abc', 'x-scope-orgid': '1' },
    timeoutMs: 2000,
    compression: 'gzip',
    disabled: true,
    sampler: 'parentbased_traceidratio',
    samplerRatio: 0.25,
    serviceName: 'harbour',
    resourceAttributes: { 'cloud.region': 'eu-west-1', team: 'a,b' },
    queue: { delayMs: 100, maxSize: 10, maxBatchSize: 5, exportTimeoutMs: 1000 },
  });
});

it('can stand in a file, by name', () => {
  const tracing = {
    endpoint: 'http://collector:4318',
    resourceAttributes: { 'cloud.region': 'eu', rack: 7 },
  };
  const settings = load({ files: { 'config/local.yaml': `tracing: ${JSON.stringify(tracing)}` } });
  expect(settings.tracing).toMatchObject({
    ...tracing,
    resourceAttributes: { 'cloud.region': 'eu', rack: '7' },
  });
});

it.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'should be a URL'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon', 'should be a whole number of milliseconds'],
  ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', 'should be one of none, gzip'],
  ['OTEL_SDK_DISABLED', 'perhaps', 'should be true or false'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'should be one of always_on'],
  ['OTEL_TRACES_SAMPLER_ARG', '10', 'should be a number from 0 to 1'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'cloud.region', 'should be names and values'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'a=%zz', 'should be names and values'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '0', 'should be a whole number of spans'],
])('%s=%s is an error that names it, in the place of traces that never come', (name, text, problem) => {
  expect(problemsOf({ environment: { [name]: text } })).toEqual([
    expect.stringMatching(new RegExp(`^${name} \\(tracing\\..*${problem}.*environment`)),
  ]);
});

it('with headers that cannot be read say so without them, for there are keys in them', () => {
  for (const given of [
    { environment: { OTEL_EXPORTER_OTLP_HEADERS: 'my-secret-key' } },
    local(`discord: { token: ${TOKEN} }\ntracing: { headers: [my-secret-key] }`),
  ]) {
    const text = problemsOf(given).join('\n');
    expect(text).toContain('OTEL_EXPORTER_OTLP_HEADERS');
    expect(text).not.toContain('my-secret-key');
  }
});

describe('in a bot that is not ours', () => {
  const tracingOf = (environment: Readonly<Record<string, string>>) =>
    instrumentSettings(environment, TOKEN, workplace()).tracing;

  it('are the bot’s own, so that what it traces by itself is not sent twice', () => {
    expect(tracingOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://theirs:4318' }).endpoint).toBeNull();
    expect(tracingOf({ TELLTALE_OTEL_EXPORTER_OTLP_ENDPOINT: 'http://ours:4318' }).endpoint).toBe(
      'http://ours:4318',
    );
  });

  it('lend none of their headers to us, though the exporter’s library would take them', () => {
    const { headers } = tracingOf({
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=theirs,x-team=harbour',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-more=theirs',
      TELLTALE_OTEL_EXPORTER_OTLP_HEADERS: 'x-team=ours',
    });
    expect(headers).toEqual({ 'api-key': '', 'x-team': 'ours', 'x-more': '' });
  });

  it('are named as they were set where they are wrong', () => {
    const read = () => tracingOf({ TELLTALE_OTEL_TRACES_SAMPLER: 'dice' });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow('TELLTALE_OTEL_TRACES_SAMPLER');
  });
});
