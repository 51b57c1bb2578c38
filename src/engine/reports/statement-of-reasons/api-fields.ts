import { z } from 'zod';
import {
  accountMeasures,
  accountTypes,
  automatedDecisions,
  groundKinds,
  monetaryMeasures,
  serviceMeasures,
  statedContentTypes,
  statementCategories,
  statementKeywords,
  statementTerritories,
  visibilityMeasures,
} from '../../../contract/statement-of-reasons.ts';

const lastDay = '2038-01-01';

/**
 * The fields of one statement as the DSA Transparency Database takes them, in its order, with what each may hold. Read in
 * digital-services-act/transparency-database at 69e80a0 (StatementStoreRequest). Messages are codes of faults.
 */
export const apiFields = {
  puid: must(text(500).regex(/^[a-zA-Z0-9-_]+$/, 'not-a-puid')),
  decision_visibility: may(many(names('DECISION_VISIBILITY', visibilityMeasures))),
  decision_visibility_other: may(text(500)),
  end_date_visibility_restriction: may(day()),
  decision_monetary: may(one(names('DECISION_MONETARY', monetaryMeasures))),
  decision_monetary_other: may(text(500)),
  end_date_monetary_restriction: may(day()),
  decision_provision: may(one(names('DECISION_PROVISION', serviceMeasures))),
  end_date_service_restriction: may(day()),
  decision_account: may(one(names('DECISION_ACCOUNT', accountMeasures))),
  end_date_account_restriction: may(day()),
  account_type: may(one(names('ACCOUNT_TYPE', accountTypes))),
  decision_ground: must(one(names('DECISION_GROUND', groundKinds))),
  decision_ground_reference_url: may(text(500).refine(isAddress, 'not-a-url')),
  illegal_content_legal_ground: may(text(500)),
  illegal_content_explanation: may(text(2000)),
  incompatible_content_ground: may(text(500)),
  incompatible_content_explanation: may(text(2000)),
  incompatible_content_illegal: may(one(['Yes', 'No'])),
  content_type: must(many(names('CONTENT_TYPE', statedContentTypes))),
  content_type_other: may(text(500)),
  category: must(one(names('STATEMENT_CATEGORY', statementCategories))),
  category_addition: may(many(names('STATEMENT_CATEGORY', statementCategories))),
  category_specification: may(many(names('KEYWORD', statementKeywords))),
  category_specification_other: may(text(500)),
  territorial_scope: may(many(statementTerritories)),
  content_language: may(one(languages())),
  content_date: must(day('2000-01-01')),
  application_date: must(day('2020-01-01')),
  content_id: may(
    z.strictObject({ 'EAN-13': z.string('wrong-type').regex(/^[0-9]{13}$/, 'not-an-ean') }, 'wrong-type'),
  ),
  decision_facts: must(text(5000)),
  source_type: must(
    one(['SOURCE_ARTICLE_16', 'SOURCE_TRUSTED_FLAGGER', 'SOURCE_TYPE_OTHER_NOTIFICATION', 'SOURCE_VOLUNTARY']),
  ),
  source_identity: may(text(500)),
  automated_detection: must(one(['Yes', 'No'])),
  automated_decision: must(one(names('AUTOMATED_DECISION', automatedDecisions))),
} as const satisfies Record<string, ApiField>;

export interface ApiField {
  schema: z.ZodType;
  required: boolean;
}

export type ApiFieldName = keyof typeof apiFields;
export const apiFieldNames = Object.keys(apiFields).filter(isApiFieldName);

export function isApiFieldName(name: string): name is ApiFieldName {
  return Object.hasOwn(apiFields, name);
}

/** `content-labelled` under `DECISION_VISIBILITY`: `DECISION_VISIBILITY_CONTENT_LABELLED`. */
export function apiName(prefix: string, word: string): string {
  return `${prefix}_${word.toUpperCase().replaceAll('-', '_')}`;
}

function names(prefix: string, words: readonly string[]): string[] {
  return words.map((word) => apiName(prefix, word));
}

function must(schema: z.ZodType): ApiField {
  return { schema, required: true };
}

function may(schema: z.ZodType): ApiField {
  return { schema, required: false };
}

function one(of: readonly string[]): z.ZodType {
  return z.string('wrong-type').refine((value) => of.includes(value), 'not-one-of');
}

function many(of: readonly string[]): z.ZodType {
  return z.array(one(of), 'wrong-type');
}

/** The database counts characters, not UTF-16 units. */
function text(max: number) {
  return z.string('wrong-type').refine((value) => [...value].length <= max, { error: 'too-long', params: { max } });
}

function day(from = ''): z.ZodType {
  return z.iso
    .date({ error: 'not-a-day', abort: true })
    .refine((value) => value >= from, { error: 'too-early', params: { from } })
    .refine((value) => value <= lastDay, { error: 'too-late', params: { to: lastDay } });
}

function isAddress(value: string): boolean {
  const address = URL.parse(value);
  return address !== null && (address.protocol === 'https:' || address.protocol === 'http:');
}

/** Two letters in capitals, those that the database lists. */
function languages(): string[] {
  return `
    AA AB AE AF AK AM AN AR AS AV AY AZ BA BE BG BH BI BM BN BO BR BS CA CE CH CO CR CS CU CV CY DA DE DV DZ EE EL EN
    EO ES ET EU FA FF FI FJ FO FR FY GA GD GL GN GU GV HA HE HI HO HR HT HU HY HZ IA ID IE IG II IK IO IS IT IU JA JV
    KA KG KI KJ KK KL KM KN KO KR KS KU KV KW KY LA LB LG LI LN LO LT LU LV MG MH MI MK ML MN MR MS MT MY NA NB ND NE
    NG NL NN NO NR NV NY OC OJ OM OR OS PA PI PL PS PT QU RM RN RO RU RW SA SC SD SE SG SI SK SL SM SN SO SQ SR SS ST
    SU SV SW TA TE TG TH TI TK TL TN TO TR TS TT TW TY UG UK UR UZ VE VI VO WA WO XH YI YO ZA ZH ZU
  `
    .trim()
    .split(/\s+/);
}
