import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from './folders.ts';

/** Files of a self-signed certificate for one name; needs openssl, which the servers need as well. */
export function certificateFor(name: string): { key: string; certificate: string } {
  const folder = temporaryFolder('certificate');
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '30',
  ];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  execFileSync('openssl', [...kind, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { key, certificate };
}
