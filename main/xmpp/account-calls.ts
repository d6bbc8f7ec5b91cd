import type { IQ } from 'stanza/protocol/index.js';
import { PostcardError } from '../../contract/errors.ts';
import { fetchPage, findSent, hasArchive } from './archive.ts';
import { Capabilities, serverSupports, within } from './capabilities.ts';
import { privateStorage, reachCalls, readPositions } from './reach-calls.ts';
import { fetchRoster, removeRosterItem, setRosterItem } from './modules/rfc6121-roster.ts';
import { findDirectory, searchPeople } from './modules/xep-0055-search.ts';
import { fetchHeld } from './modules/postcard-requests.ts';
import { abuseContacts } from './modules/xep-0157-contacts.ts';
import { stickerCalls } from './modules/xep-0449-stickers.ts';
import { RoomTable } from './room-presence.ts';
import { roomCalls } from './rooms.ts';
import { findUpload, requestSlot, type UploadService } from './modules/xep-0363-upload.ts';
import { fetchPicture, fetchProfile, publishProfile, settled } from './profile.ts';
import type { XmppStream } from './stream.ts';
import type {
  Archive,
  FoundPeople,
  Picture,
  Profile,
  PublishedProfile,
  RosterItem,
  Session,
  UploadSlot,
} from './types.ts';

/** ms that anybody waits for what another app can do. */
const HINT_TIMEOUT = 3000;

/** The questions of a session. Each rejects with PostcardError `offline` while there is no connection. */
export abstract class AccountCalls {
  /** Set by `changePassword`: the next login needs it. */
  protected changedPassword: string | null = null;
  readonly #own: string;
  readonly #domain: string;
  #stream: XmppStream | null = null;
  #upload: Promise<UploadService | null> | null = null;
  #directory: Promise<string | null> | null = null;
  /** Of others' apps; kept across reconnects. */
  protected readonly capabilities = new Capabilities();
  /** The rooms I am in; kept while the stream is resumed. */
  protected readonly roomTable = new RoomTable();
  readonly archive: Archive;
  readonly reach = reachCalls(() => this.#port());
  readonly privateStorage = privateStorage(() => this.#port());
  readonly readPositions = readPositions(() => this.#port());
  readonly stickers = stickerCalls(() => this.#port());
  readonly rooms = roomCalls(() => this.#port(), this.roomTable);

  constructor(own: string, domain: string) {
    this.#own = own;
    this.#domain = domain;
    this.archive = {
      page: async (query) => {
        const stream = this.#port();
        return fetchPage(stream, stream.context, stream.inbound.queries, query);
      },
      supported: async () => hasArchive(this.#port()),
    };
  }

  abstract close(options?: { keepResumable?: boolean }): Promise<void>;

  /** What the server has may differ after a reconnect: asked again then. */
  protected attach(stream: XmppStream | null): void {
    this.#stream = stream;
    this.#upload = null;
    this.#directory = null;
    if (stream === null) this.roomTable.interrupt();
  }

  #port(): XmppStream {
    if (this.#stream === null) throw new PostcardError('offline');
    return this.#stream;
  }

  async findSent(query: Parameters<Session['findSent']>[0]): ReturnType<Session['findSent']> {
    const stream = this.#port();
    return findSent(stream, stream.inbound.queries, query);
  }

  async held(): ReturnType<Session['held']> {
    return fetchHeld(this.#port());
  }

  async supports(address: string, feature: string): Promise<boolean | null> {
    return within(HINT_TIMEOUT, this.capabilities.supports(this.#port(), address, feature));
  }

  async serverSupports(feature: string): Promise<boolean | null> {
    return within(HINT_TIMEOUT, serverSupports(this.#port(), feature));
  }

  async abuseContacts(): Promise<string[]> {
    return abuseContacts(this.#port());
  }

  async roster(): Promise<RosterItem[]> {
    return fetchRoster(this.#port());
  }

  async setRosterItem(item: Parameters<Session['setRosterItem']>[0]): Promise<void> {
    await setRosterItem(this.#port(), item);
  }

  async removeRosterItem(address: string): Promise<void> {
    await removeRosterItem(this.#port(), address);
  }

  follow(address: string): void {
    this.#port().sendPresence({ to: address, type: 'subscribe' });
  }

  unfollow(address: string): void {
    this.#port().sendPresence({ to: address, type: 'unsubscribe' });
  }

  approveFollower(address: string): void {
    this.#port().sendPresence({ to: address, type: 'subscribed' });
  }

  refuseFollower(address: string): void {
    this.#port().sendPresence({ to: address, type: 'unsubscribed' });
  }

  async settled(): Promise<void> {
    await settled(this.#port());
  }

  async profile(address: string): Promise<Profile> {
    return fetchProfile(this.#port(), address);
  }

  async avatar(address: string): Promise<({ hash: string } & Picture) | null> {
    return fetchPicture(this.#port(), address);
  }

  async publishProfile(profile: PublishedProfile): Promise<void> {
    await publishProfile(this.#port(), profile);
  }

  async search(query: string): Promise<FoundPeople | null> {
    const port = this.#port();
    this.#directory ??= findDirectory(port);
    const directory = await this.#directory;
    return directory === null ? null : searchPeople(port, directory, query);
  }

  async uploadLimit(): Promise<number> {
    return (await this.#service())?.limit ?? 0;
  }

  async requestSlot(file: { name: string; bytes: number; mediaType: string }): Promise<UploadSlot> {
    const service = await this.#service();
    if (service === null) throw new PostcardError('upload-unsupported');
    return requestSlot(this.#port(), service, file);
  }

  #service(): Promise<UploadService | null> {
    const port = this.#port();
    if (this.#upload === null) {
      const found = findUpload(port);
      this.#upload = found;
      // A question that broke off is asked again.
      found.catch(() => {
        if (this.#upload === found) this.#upload = null;
      });
    }
    return this.#upload;
  }

  /** XEP-0077 section 3.3. */
  async changePassword(newPassword: string): Promise<void> {
    const username = this.#own.slice(0, this.#own.lastIndexOf('@'));
    const account = { username, password: newPassword };
    await this.#port().send({ type: 'set', to: this.#domain, account } as unknown as IQ);
    this.changedPassword = newPassword;
  }

  /** XEP-0077 section 3.2. The server may end the stream with an error instead of an answer: it is done too. */
  async deleteAccount(): Promise<void> {
    const port = this.#port();
    try {
      await port.send({ type: 'set', account: { remove: true } } as unknown as IQ);
    } catch (error) {
      const ended = error instanceof PostcardError && error.code === 'offline' && port.condition !== null;
      if (!ended) throw error;
    }
    await this.close();
  }
}
