import * as v from 'valibot';
import { event, method } from './define.ts';
import { address } from './ids.ts';

export interface Person {
  readonly address: string;
  readonly name: string;
  readonly avatar: string | null;
}

export const people = {
  /** By name, user name or part of it; a full address that is typed comes first. */
  'people.find': method<{ items: readonly Person[]; directory: 'searched' | 'unsupported' | 'offline' }>()(
    v.object({ query: v.pipe(v.string(), v.trim(), v.maxLength(200)) }),
  ),
  'people.get': method<Person>()(v.object({ address })),
  'people.changed': event<{ items: readonly Person[] }>(),
};
