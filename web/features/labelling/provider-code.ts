import { findUsccFault } from '../register/uscc.ts';

/**
 * What is wrong with whom a label names, while it is typed; the server decides (src/engine/labels/aigc/compose.ts). The codes are those
 * of the sentences `label.field.…`. A name is allowed, a code has to be whole: 网安秘字〔2025〕29号.
 */
export type ProviderFault =
  | 'field-charset'
  | 'provider-bare-uscc'
  | 'provider-code-malformed'
  | 'provider-code-uscc'
  | 'provider-code-kind';

export type ServiceKind = 'generation' | 'propagation';

export function findProviderFault(text: string, service: ServiceKind): ProviderFault | null {
  // GB 45438-2025 Annex E j.
  if (/[^\x21-\x7e]/.test(text)) return 'field-charset';
  if (findUsccFault(text) === null) return 'provider-bare-uscc';
  if (!/^0[0-9A-Za-z]{17,39}$/.test(text)) return null;
  if (!/^00[0-9A-Z]{20}(00000|[12][0-9A-Z]{4})$/.test(text)) return 'provider-code-malformed';
  if (text[3] === '1' && findUsccFault(text.slice(4, 22)) !== null) return 'provider-code-uscc';
  const extension = text.slice(22);
  const own = service === 'generation' ? '1' : '2';
  return extension === '00000' || extension[0] === own ? null : 'provider-code-kind';
}

/** The code of a company for one of its services; null while a part of it cannot be right. */
export function buildCode(uscc: string, service: ServiceKind, number: string): string | null {
  if (findUsccFault(uscc) !== null) return null;
  if (number === '') return `0011${uscc}00000`;
  return /^[0-9A-Z]{4}$/.test(number) ? `0011${uscc}${service === 'generation' ? '1' : '2'}${number}` : null;
}
