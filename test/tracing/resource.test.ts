import { resourceOf } from '../../src/tracing/resource';

/** What the spans of a process are said to be of. */

const FACTS = {
  service: { name: 'harbour', version: '1.2.3', commit: '4bf92f3' },
  environment: 'production',
  instanceId: 'instance-1',
  sdkVersion: '0.1.0',
  host: 'quay-1',
  process: { pid: 42, runtimeVersion: '20.19.0' },
  attributes: {},
};

it('tells the release, the process and where it runs', () => {
  expect(resourceOf(FACTS)).toEqual({
    'service.name': 'harbour',
    'service.version': '1.2.3',
    'service.instance.id': 'instance-1',
    'deployment.environment.name': 'production',
    'vcs.ref.head.revision': '4bf92f3',
    'host.name': 'quay-1',
    'process.pid': 42,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': '20.19.0',
    'telemetry.sdk.name': 'telltale',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': '0.1.0',
  });
});

it('has the operator’s attributes over ours', () => {
  const attributes = { 'cloud.region': 'eu-west-1', 'host.name': 'hidden' };
  expect(resourceOf({ ...FACTS, attributes })).toMatchObject(attributes);
});
