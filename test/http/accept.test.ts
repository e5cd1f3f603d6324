import { prefersOpenMetrics } from '../../src/http/accept';

describe('the choice between text and OpenMetrics', () => {
  it.each([
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,*/*;q=0.2',
    ],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8,text/plain;q=0.5,*/*;q=0.1'],
    ['application/openmetrics-text'],
    ['Application/OpenMetrics-Text'],
    ['text/plain;q=0.3, application/openmetrics-text; Q=0.4'],
    ['text/plain, application/openmetrics-text'],
    ['application/*, text/*;q=0.5'],
    ['text/plain;q=0, */*'],
  ])('gives a scraper its exemplars for %s', (accept) => {
    expect(prefersOpenMetrics(accept)).toBe(true);
  });

  it.each([
    [undefined],
    [''],
    ['*/*'],
    ['text/plain;version=0.0.4;q=1,*/*;q=0.1'],
    ['application/openmetrics-text;q=0.4, text/plain;q=0.5'],
    ['application/openmetrics-text;q=0'],
    ['application/openmetrics-text;q=0, */*'],
    ['application/openmetrics-text;q=lots, text/plain;q=0.1'],
    ['application/openmetrics-text;q=7, text/plain;q=0.1'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['application/json'],
    [';;;,,,q=1'],
  ])('gives a reader text it can show for %s', (accept) => {
    expect(prefersOpenMetrics(accept)).toBe(false);
  });
});
