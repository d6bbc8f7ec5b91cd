// XEP-0377: Blocking Command Reports, version 0.4.1; urn:postcard:report:0, our own: docs/mechanisms/reports.md
import { JXT } from 'stanza';
import type { IQ } from 'stanza/protocol/index.js';
import type { AbuseReport, ReportMessage } from '../report-types.ts';
import type { XmlElement } from '../xml-stream.ts';
import type { IqPort } from './iq-port.ts';
import { discoInfo } from './xep-0030-disco.ts';

const NS = 'urn:xmpp:reporting:1';
const BLOCKING = 'urn:xmpp:blocking';
const SID = 'urn:xmpp:sid:0';
const OURS = 'urn:postcard:report:0';

interface BlockedReport {
  readonly address: string;
  readonly report: AbuseReport;
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    /** Sent: a report. Received: that it is one. */
    abuseReport?: ReportMessage | true;
  }
  interface IQPayload {
    blockedReport?: BlockedReport;
  }
}

function reportElement({ reason, text, archive, stanzaIds }: AbuseReport): XmlElement {
  const element = new JXT.XMLElement('report', { xmlns: NS, reason: `urn:xmpp:reporting:${reason}` });
  for (const id of stanzaIds)
    element.appendChild(new JXT.XMLElement('stanza-id', { xmlns: SID, by: archive, id }));
  if (text !== '') element.appendChild(new JXT.XMLElement('text', {}, [text]));
  return element;
}

/** Section 6: the report stands inside of the block's item. */
function buildBlock(iq: XmlElement, { address, report }: BlockedReport): void {
  const item = new JXT.XMLElement('item', { jid: address });
  item.appendChild(reportElement(report));
  const block = new JXT.XMLElement('block', { xmlns: BLOCKING });
  block.appendChild(item);
  iq.appendChild(block);
}

function buildMessage(message: XmlElement, report: ReportMessage | true): void {
  if (report === true) return;
  message.appendChild(reportElement(report));
  const { about, kind, sha256, evidence } = report;
  const ours = new JXT.XMLElement('incident', { xmlns: OURS, about, reason: kind, sha256 });
  if (evidence !== null) ours.appendChild(new JXT.XMLElement('evidence', {}, [evidence]));
  message.appendChild(ours);
}

const isReport = (message: XmlElement): true | undefined =>
  message.getChild('incident', OURS) !== undefined || undefined;

export const messageReport = JXT.extendMessage({
  abuseReport: { importer: isReport, exporter: buildMessage },
});
export const blockReport = JXT.extendIQ({
  blockedReport: { importer: () => undefined, exporter: buildBlock },
});

/**
 * Blocks somebody, and says why where the server takes that (section 3). True when the report went along. Throws
 * IqError.
 */
export async function blockAndReport(port: IqPort, address: string, report: AbuseReport): Promise<boolean> {
  const takes = (await discoInfo(port, port.domain))?.features.includes(NS) ?? false;
  const blockedReport = { address, report };
  await port.send(
    (takes
      ? { type: 'set', blockedReport }
      : { type: 'set', blockList: { action: 'block', jids: [address] } }) as unknown as IQ,
  );
  return takes;
}
