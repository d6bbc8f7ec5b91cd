export { connect } from './session.ts';
export { register } from './register.ts';
export { parseServer } from './server-address.ts';
export { downloadFile, uploadFile } from './http-files.ts';
export type * from './types.ts';
export type * from './reach-types.ts';
export type * from './report-types.ts';
export type * from './request-types.ts';
