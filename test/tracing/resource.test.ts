import { resourceOf } from '../../src/tracing/resource';

/** What the spans of a process are said to be of. */

const FACTS = {
  serviceName: null,
  version: '1.2.3',
  commit: '4bf92f3',
  environment: 'production',
  instanceId: 'instance-1',
  attributes: {},
};

it('tells the release, the process and where it runs', () => {
  expect(resourceOf(FACTS)).toEqual({
    'service.name': 'telltale',
    'service.version': '1.2.3',
    'service.instance.id': 'instance-1',
    'deployment.environment.name': 'production',
    'vcs.ref.head.revision': '4bf92f3',
  });
});

it('is named by the operator, whose attributes go over ours', () => {
  const attributes = { 'service.name': 'harbour', 'cloud.region': 'eu-west-1' };
  expect(resourceOf({ ...FACTS, attributes })).toMatchObject(attributes);
  expect(resourceOf({ ...FACTS, attributes, serviceName: 'mine' })['service.name']).toBe('mine');
});
