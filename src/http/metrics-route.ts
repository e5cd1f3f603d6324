import type { RequestHandler } from 'express';
import type { Logger } from '../logging/logger';
import { prefersOpenMetrics } from './accept';
import { shareInFlight } from './share-in-flight';

export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/** What can be scraped. */
export interface MetricsSource {
  /** Gives every metric, as OpenMetrics or as Prometheus's text. */
  expose(openMetrics: boolean): Promise<Exposition>;
}

export interface MetricsRouteOptions {
  readonly metrics: MetricsSource;
  readonly logger: Logger;
  /** Called before each exposition, to bring gauges up to date. If it throws, the scrape goes on without it. */
  readonly onScrape?: () => void;
}

/** Answers scrapes. Those that arrive while another is being answered in the same format share its exposition. */
export function metricsRoute(options: MetricsRouteOptions): RequestHandler {
  const text = shareInFlight(() => scrape(options, false));
  const openMetrics = shareInFlight(() => scrape(options, true));
  return async (request, response) => {
    const exposition = await (prefersOpenMetrics(request.headers.accept) ? openMetrics() : text());
    response.vary('accept');
    response.setHeader('content-type', exposition.contentType);
    response.send(exposition.body);
  };
}

async function scrape({ metrics, logger, onScrape }: MetricsRouteOptions, openMetrics: boolean) {
  try {
    onScrape?.();
  } catch (error) {
    logger.warn('Gauges could not be brought up to date for a scrape', { error });
  }
  return metrics.expose(openMetrics);
}
