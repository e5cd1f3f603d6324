import type { UploadedFile } from '../attachments';
import type { Backend } from '../backend';

/** One request, read and checked as far as every route needs it. */
export interface Call {
  readonly method: string;
  /** After the version, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** The JSON body, or a form's `payload_json`; undefined if there was none. */
  readonly body: unknown;
  /** By the name of the form's field, `files[0]`. */
  readonly files: ReadonlyMap<string, UploadedFile>;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; nothing if left out. */
  readonly body?: unknown;
}

/** Takes any call; the router has filled in every parameter of the template. */
export type Handler = (call: Call, backend: Backend) => Answer;

export interface Route {
  readonly method: string;
  readonly template: string;
  /** `token`: the bot's token is asked for, and the global limit holds; `none`: the path holds a token of its own. */
  readonly authorization: 'bot' | 'none';
  readonly handler: Handler;
}

type ParamNames<Template extends string> = Template extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : Template extends `${string}:${infer Name}`
    ? Name
    : never;

interface CallOf<Template extends string> extends Call {
  readonly params: Readonly<Record<ParamNames<Template>, string>>;
}

/** A route whose handler knows the names of its parameters. */
export function route<const Template extends string>(
  method: string,
  template: Template,
  handler: (call: CallOf<Template>, backend: Backend) => Answer,
  authorization: Route['authorization'] = 'bot',
): Route {
  return { method, template, authorization, handler };
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const noContent: Answer = { status: 204 };
