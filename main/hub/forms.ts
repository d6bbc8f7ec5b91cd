import { NS } from './namespaces.ts';
import { child, childText, el, elements, textEl, textOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

export interface FormField {
  name: string;
  type?: string;
  label?: string;
  values?: string[];
  options?: string[];
}

/** A data form (XEP-0004) of a type (XEP-0068). */
export function buildForm(formType: string, type: 'form' | 'result', fields: FormField[]): XmlElement {
  const first: FormField = { name: 'FORM_TYPE', type: 'hidden', values: [formType] };
  return el('x', NS.dataForms, { type }, [first, ...fields].map(buildField));
}

/** One field of a form. */
export function buildField(field: FormField): XmlElement {
  const values = (field.values ?? []).map((value) => textEl('value', NS.dataForms, value));
  const options = (field.options ?? []).map((value) =>
    el('option', NS.dataForms, {}, [textEl('value', NS.dataForms, value)]),
  );
  const { name, type, label } = field;
  return el('field', NS.dataForms, { var: name, type, label }, [...values, ...options]);
}

/** The values of the submitted form inside `parent` by field name; null when there is none. */
export function readForm(parent: XmlElement): Map<string, string[]> | null {
  const form = child(parent, 'x', NS.dataForms);
  if (!form || form.attrs.type === 'cancel') return null;
  const fields = new Map<string, string[]>();
  for (const field of elements(form, 'field', NS.dataForms)) {
    fields.set(field.attrs.var ?? '', elements(field, 'value', NS.dataForms).map(textOf));
  }
  return fields;
}

export interface PageRequest {
  max: number | undefined;
  before: string | undefined;
  after: string | undefined;
  index: number | undefined;
}

/** A result set request (XEP-0059); an empty `before` asks for the last page. */
export function readPage(parent: XmlElement): PageRequest {
  const set = child(parent, 'set', NS.rsm);
  const number = (name: string): number | undefined => {
    const text = set && childText(set, name);
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const text = (name: string): string | undefined => (set ? childText(set, name) : undefined);
  return { max: number('max'), before: text('before'), after: text('after'), index: number('index') };
}
