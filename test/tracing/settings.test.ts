import path from 'node:path';
import { instrumentSettings } from '../../src/instrument-settings';
import { secretsOf } from '../../src/logging/secrets-of';
import { SettingsError } from '../../src/settings';
import { tracesUrl } from '../../src/trace-settings';
import { cleanUp, load, local, problemsOf, TOKEN, workplace } from '../settings-support';

/** OpenTelemetry's variables, read as everywhere else. */

afterEach(cleanUp);

const pem = (name: string): string => path.join(__dirname, '..', 'fixtures', 'tls', name);

it('are those that other programs have', () => {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/custom/path',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-scope-orgid=1 ',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_CERTIFICATE: pem('certificate.pem'),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: pem('certificate.pem'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: pem('key.pem'),
    OTEL_SDK_DISABLED: 'false',
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
    exporter: 'otlp',
    protocol: 'http/json',
    endpoint: 'http://collector:4318',
    tracesEndpoint: 'https://traces.example.com/custom/path',
    headers: { authorization: 'Bearer abc', 'x-scope-orgid': '1' },
    timeoutMs: 2000,
    compression: 'gzip',
    tls: {
      certificate: pem('certificate.pem'),
      clientCertificate: pem('certificate.pem'),
      clientKey: pem('key.pem'),
    },
    disabled: false,
    sampler: 'parentbased_traceidratio',
    samplerRatio: 0.25,
    serviceName: 'harbour',
    resourceAttributes: { 'cloud.region': 'eu-west-1', team: 'a,b' },
    queue: { delayMs: 100, maxSize: 10, maxBatchSize: 5, exportTimeoutMs: 1000 },
  });
});

it.each([{ OTEL_SDK_DISABLED: 'True' }, { OTEL_TRACES_EXPORTER: 'none' }])(
  'do not stop a bot that wants no traces, whatever its host sets for everybody: %j',
  (off) => {
    const environment = {
      ...off,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere.pem',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: 'endpoint=http://jaeger:14250',
      OTEL_BSP_MAX_QUEUE_SIZE: '-1',
    };
    expect(tracesUrl(load({ environment }).tracing)).toBeNull();
  },
);

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

it.each([
  ['OTEL_TRACES_EXPORTER', 'banana', 'should be one of otlp, none'],
  [
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'grpc',
    'should be one of http/json, http/protobuf, not gRPC: OTLP over HTTP is most often on port 4318',
  ],
  ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'grpc', 'should be one of http/json, http/protobuf'],
  ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'soon', 'should be a whole number of milliseconds'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http:collector', 'should be a URL'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://coll\nector:4318', 'should be a URL'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector/?key=x', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector/#x', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector/v1/traces/', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://collector/x#y', 'should be a URL'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a b=c', 'should be names and values of HTTP headers'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=c%0d%0aX: 1', 'should be names and values of HTTP headers'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=b%00', 'should be names and values of HTTP headers'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'Content-Length=5', 'not to be set'],
  ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'host=evil', 'not to be set'],
])('%s=%j can never work, and is refused at the start with what can', (name, text, problem) => {
  const [said, ...others] = problemsOf({ environment: { [name]: text } });
  expect(others).toEqual([]);
  expect(said).toMatch(new RegExp(`^${name} \\(tracing\\.`));
  expect(said).toContain(problem);
});

it.each([
  'user:SECRET@h:4318',
  'api.honeycomb.io/?api-key=SECRET',
  'http://user:pa/SECRET@h',
  'http://h/?api-key=SECRET',
])('an address that is wrong is not shown, for there may be a key in it: %s', (text) => {
  for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
    expect(problemsOf({ environment: { [name]: text } }).join()).not.toContain('SECRET');
  }
});

it.each(['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY', 'TRACES_CERTIFICATE'])(
  'a file that is not there, or is none, is told at the start, and not by traces that never come: %s',
  (which) => {
    const name = `OTEL_EXPORTER_OTLP_${which}`;
    const isKey = which === 'CLIENT_KEY'; // A key may stand in the place of its name.
    for (const file of ['/nope.pem', __dirname, __filename]) {
      expect(problemsOf({ environment: { [name]: file } })).toEqual([
        expect.stringMatching(new RegExp(`^${name} .*file.*in PEM; ${isKey ? 'the value' : `"${file}"`}`)),
      ]);
    }
  },
);

it('for traces alone go over those for all, and the address is taken as it is', () => {
  const { tracing } = load({
    environment: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/custom/?key=abc',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'api-key=of-traces',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=of-all,x=1',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '7',
      OTEL_EXPORTER_OTLP_TIMEOUT: '8',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip',
    },
  });
  expect(tracing).toMatchObject({
    tracesEndpoint: 'https://traces.example.com/custom/?key=abc',
    headers: { 'api-key': 'of-traces' },
    timeoutMs: 7,
    protocol: 'http/protobuf',
    compression: 'gzip',
  });
  expect(tracing.headers).not.toHaveProperty('x');
});

it('keep the headers for traces alone out of the log, as those for all', () => {
  const environment = { OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=Bearer%20of-good-news' };
  expect(secretsOf(load({ environment }))).toContain('Bearer of-good-news');
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

  it('lend none of their headers to us', () => {
    const { headers } = tracingOf({
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=theirs,x-team=harbour',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-more=theirs',
      TELLTALE_OTEL_EXPORTER_OTLP_HEADERS: 'x-team=ours',
    });
    expect(headers).toEqual({ 'x-team': 'ours' });
  });

  it('are named as they were set where they are wrong', () => {
    const read = () => tracingOf({ TELLTALE_OTEL_TRACES_SAMPLER: 'dice' });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow('TELLTALE_OTEL_TRACES_SAMPLER');
  });
});
