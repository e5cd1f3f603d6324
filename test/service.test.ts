import { serviceOf } from '../src/service';
import { cleanUp, load } from './settings-support';

/** Under which name a bot is found in what gathers logs and traces. */

afterEach(cleanUp);

const BUILD = { name: 'harbour', version: '1.2.3', commit: '4bf92f3' };
const nameIn = (environment: Readonly<Record<string, string>>): string =>
  serviceOf(load({ environment }), BUILD).name;

it('is that of its package, so that nobody’s bot is called telltale but ours', () => {
  expect(serviceOf(load(), BUILD)).toEqual(BUILD);
});

it('is the operator’s where there is one', () => {
  const OTEL_RESOURCE_ATTRIBUTES = 'service.name=quay,team=a';
  expect(nameIn({ OTEL_RESOURCE_ATTRIBUTES })).toBe('quay');
  expect(nameIn({ OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME: 'mine' })).toBe('mine');
});
