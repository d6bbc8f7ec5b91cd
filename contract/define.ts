import type { BaseIssue, BaseSchema, InferInput, InferOutput } from 'valibot';

/** Any synchronous valibot schema. */
export type Schema = BaseSchema<unknown, unknown, BaseIssue<unknown>>;

/** One callable method: its parameters are parsed at run time, its result is typed. */
export interface Method<P extends Schema = Schema, R = unknown> {
  readonly kind: 'method';
  readonly params: P;
  /** Never set; carries the result's type. */
  readonly result?: R;
}

/** One event that the core sends to every open window. */
export interface Event<T = unknown> {
  readonly kind: 'event';
  /** Never set; carries the payload's type. */
  readonly payload?: T;
}

/** Declares a method. `method<Result>()(paramsSchema)`: two steps, so that the parameters are inferred. */
export const method =
  <R = void>() =>
  <P extends Schema>(params: P): Method<P, R> => ({ kind: 'method', params });

/** Declares an event with its payload's type. */
export const event = <T>(): Event<T> => ({ kind: 'event' });

export type ParamsOf<M> = M extends Method<infer P, unknown> ? InferInput<P> : never;
export type ParsedParamsOf<M> = M extends Method<infer P, unknown> ? InferOutput<P> : never;
export type ResultOf<M> = M extends Method<Schema, infer R> ? R : never;
export type PayloadOf<E> = E extends Event<infer T> ? T : never;
