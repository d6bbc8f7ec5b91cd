import type { IQ } from 'stanza/protocol/index.js';
import { PostcardError } from '../../contract/errors.ts';
import { fetchPage, findSent, hasArchive } from './archive.ts';
import { IqError } from './iq.ts';
import { fetchRoster, setRosterItem } from './modules/rfc6121-roster.ts';
import { fetchCard, publishCard, publishNames, readCard, withName } from './modules/xep-0054-vcard.ts';
import { findDirectory, searchPeople } from './modules/xep-0055-search.ts';
import { fetchAvatar, publishAvatar, sha1 } from './modules/xep-0084-avatar.ts';
import { findUpload, requestSlot, type UploadService } from './modules/xep-0363-upload.ts';
import type { XmppStream } from './stream.ts';
import type { Archive, Person, Picture, RosterItem, Session, UploadSlot } from './types.ts';

/** The questions of a session. Each rejects with PostcardError `offline` while there is no connection. */
export abstract class AccountCalls {
  /** Set by `changePassword`: the next login needs it. */
  protected changedPassword: string | null = null;
  readonly #own: string;
  readonly #domain: string;
  #stream: XmppStream | null = null;
  #upload: Promise<UploadService | null> | null = null;
  #directory: Promise<string | null> | null = null;
  readonly archive: Archive;

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
  }

  #port(): XmppStream {
    if (this.#stream === null) throw new PostcardError('offline');
    return this.#stream;
  }

  async findSent(query: Parameters<Session['findSent']>[0]): ReturnType<Session['findSent']> {
    const stream = this.#port();
    return findSent(stream, stream.inbound.queries, query);
  }

  async roster(): Promise<RosterItem[]> {
    return fetchRoster(this.#port());
  }

  async follow(address: string, name: string | null): Promise<void> {
    const port = this.#port();
    await setRosterItem(port, address, name);
    port.sendPresence({ to: address, type: 'subscribe' });
  }

  async unfollow(address: string): Promise<void> {
    this.#port().sendPresence({ to: address, type: 'unsubscribe' });
  }

  approveFollower(address: string): void {
    this.#port().sendPresence({ to: address, type: 'subscribed' });
  }

  refuseFollower(address: string): void {
    this.#port().sendPresence({ to: address, type: 'unsubscribed' });
  }

  async vcard(address: string): Promise<{ name: string | null; photo: Picture | null }> {
    return readCard(await fetchCard(this.#port(), address));
  }

  async avatar(address: string): Promise<({ hash: string } & Picture) | null> {
    const port = this.#port();
    const found = await fetchAvatar(port, address);
    if (found !== null) return found;
    const { photo } = readCard(await fetchCard(port, address));
    return photo === null ? null : { hash: sha1(photo.data), ...photo };
  }

  async publishProfile(profile: Parameters<Session['publishProfile']>[0]): Promise<void> {
    const port = this.#port();
    const { name, avatar } = profile;
    // ejabberd refuses to open the avatar's node once it made it itself, from a vCard's photo: so avatar first.
    await unlessRefused(async () => {
      if (avatar !== undefined) await publishAvatar(port, avatar);
    });
    await unlessRefused(async () => publishNames(port, name));
    await publishCard(port, withName(await fetchCard(port, this.#own), name, avatar));
  }

  async search(query: string): Promise<Person[] | null> {
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

/** A server without PEP still keeps the vCard. */
async function unlessRefused(publish: () => Promise<void>): Promise<void> {
  try {
    await publish();
  } catch (error) {
    if (!(error instanceof IqError)) throw error;
  }
}
