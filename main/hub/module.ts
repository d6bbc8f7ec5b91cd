import type { HubCore } from './core.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

/** Who an IQ is for: the server itself, somebody's account, one of the services, or a room. */
export type IqPlace = 'server' | 'account' | 'upload' | 'search' | 'rooms' | 'room';

export interface IqRequest {
  core: HubCore;
  session: Session;
  iq: XmlElement;
  payload: XmlElement;
  type: 'get' | 'set';
  /** The account asked: the requester's own, except when an IQ goes to somebody else's bare address. For a room its name. */
  user: string;
  own: boolean;
}

/** The answer's payload; null for an empty result. Refusals are thrown as StanzaError. */
export type IqAnswer = XmlElement | null;

export interface IqHandler {
  at: IqPlace;
  type: 'get' | 'set' | 'both';
  ns: string;
  name: string;
  /** Whether other people may ask too (only then is `own` ever false). */
  forOthers?: boolean;
  handle(request: IqRequest): IqAnswer | Promise<IqAnswer>;
}

/** One specification the hub follows. */
export interface HubModule {
  name: string;
  serverFeatures?: readonly string[];
  accountFeatures?: readonly string[];
  iq?: readonly IqHandler[];
  /** A resource sent presence; `initial` when it was unavailable before. */
  onPresence?(core: HubCore, session: Session, initial: boolean): void;
  /** An account is about to be removed with all its rows. */
  onErase?(core: HubCore, user: string): void;
}
