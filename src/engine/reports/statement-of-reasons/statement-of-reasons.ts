import type { ModerationDecision } from '../../../contract/statement-of-reasons.ts';
import { type ApiFieldName, apiFieldNames, apiName } from './api-fields.ts';
import { mostStatements } from './check-statement.ts';

/** A body of `POST /api/v1/statement`. What nothing was said of is left out. */
export type Statement = Partial<Record<ApiFieldName, unknown>>;

/**
 * The statement of reasons of a decision, as the DSA Transparency Database takes it. Nothing is added to what the decision says; whether
 * it is enough, `checkStatement` tells.
 */
export function statementOf(decision: ModerationDecision): Statement {
  const fields = fieldsOf(decision);
  // In the order of the database, whatever the order here.
  const entries = apiFieldNames.map((name) => [name, fields[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Bodies of `POST /api/v1/statements`, in the order given, of at most a hundred statements each. */
export function batchesOf(statements: readonly Statement[]): { statements: Statement[] }[] {
  const count = Math.ceil(statements.length / mostStatements);
  return Array.from({ length: count }, (_, index) => ({
    statements: statements.slice(index * mostStatements, (index + 1) * mostStatements),
  }));
}

function fieldsOf(decision: ModerationDecision): Record<ApiFieldName, unknown> {
  const { visibility, monetary, service, account, ground, source } = decision;
  const illegal = ground?.kind === 'illegal-content' ? ground : undefined;
  const incompatible = ground?.kind === 'incompatible-content' ? ground : undefined;
  return {
    puid: decision.puid,
    decision_visibility: all('DECISION_VISIBILITY', visibility?.measures),
    decision_visibility_other: visibility?.other,
    end_date_visibility_restriction: visibility?.until,
    decision_monetary: one('DECISION_MONETARY', monetary?.measure),
    decision_monetary_other: monetary?.other,
    end_date_monetary_restriction: monetary?.until,
    decision_provision: one('DECISION_PROVISION', service?.measure),
    end_date_service_restriction: service?.until,
    decision_account: one('DECISION_ACCOUNT', account?.measure),
    end_date_account_restriction: account?.until,
    account_type: one('ACCOUNT_TYPE', decision.accountType),
    decision_ground: one('DECISION_GROUND', ground?.kind),
    decision_ground_reference_url: decision.referenceUrl,
    illegal_content_legal_ground: illegal?.legalGround,
    illegal_content_explanation: illegal?.explanation,
    incompatible_content_ground: incompatible?.termsGround,
    incompatible_content_explanation: incompatible?.explanation,
    incompatible_content_illegal: yesOrNo(incompatible?.alsoIllegal),
    content_type: all('CONTENT_TYPE', decision.contentTypes),
    content_type_other: decision.contentTypeOther,
    category: one('STATEMENT_CATEGORY', decision.category),
    category_addition: all('STATEMENT_CATEGORY', decision.furtherCategories),
    category_specification: all('KEYWORD', decision.keywords),
    category_specification_other: decision.keywordOther,
    territorial_scope: decision.territories && [...new Set(decision.territories)],
    content_language: decision.language,
    content_date: decision.contentDate,
    application_date: decision.appliedOn,
    content_id: decision.ean13 === undefined ? undefined : { 'EAN-13': decision.ean13 },
    decision_facts: decision.facts,
    source_type: source && sourceNames[source.type],
    source_identity: source && 'identity' in source ? source.identity : undefined,
    automated_detection: yesOrNo(decision.automatedDetection),
    automated_decision: one('AUTOMATED_DECISION', decision.automatedDecision),
  };
}

const sourceNames = {
  'article-16': 'SOURCE_ARTICLE_16',
  'trusted-flagger': 'SOURCE_TRUSTED_FLAGGER',
  'other-notification': 'SOURCE_TYPE_OTHER_NOTIFICATION',
  voluntary: 'SOURCE_VOLUNTARY',
} as const;

/** Where in a decision the content of a field of the database stands. */
export const placesInDecision: Readonly<Record<ApiFieldName, readonly string[]>> = {
  puid: ['puid'],
  decision_visibility: ['visibility', 'measures'],
  decision_visibility_other: ['visibility', 'other'],
  end_date_visibility_restriction: ['visibility', 'until'],
  decision_monetary: ['monetary', 'measure'],
  decision_monetary_other: ['monetary', 'other'],
  end_date_monetary_restriction: ['monetary', 'until'],
  decision_provision: ['service', 'measure'],
  end_date_service_restriction: ['service', 'until'],
  decision_account: ['account', 'measure'],
  end_date_account_restriction: ['account', 'until'],
  account_type: ['accountType'],
  decision_ground: ['ground', 'kind'],
  decision_ground_reference_url: ['referenceUrl'],
  illegal_content_legal_ground: ['ground', 'legalGround'],
  illegal_content_explanation: ['ground', 'explanation'],
  incompatible_content_ground: ['ground', 'termsGround'],
  incompatible_content_explanation: ['ground', 'explanation'],
  incompatible_content_illegal: ['ground', 'alsoIllegal'],
  content_type: ['contentTypes'],
  content_type_other: ['contentTypeOther'],
  category: ['category'],
  category_addition: ['furtherCategories'],
  category_specification: ['keywords'],
  category_specification_other: ['keywordOther'],
  territorial_scope: ['territories'],
  content_language: ['language'],
  content_date: ['contentDate'],
  application_date: ['appliedOn'],
  content_id: ['ean13'],
  decision_facts: ['facts'],
  source_type: ['source', 'type'],
  source_identity: ['source', 'identity'],
  automated_detection: ['automatedDetection'],
  automated_decision: ['automatedDecision'],
};

function one(prefix: string, word: string | undefined): string | undefined {
  return word === undefined ? undefined : apiName(prefix, word);
}

function all(prefix: string, words: readonly string[] | undefined): string[] | undefined {
  return words && [...new Set(words)].map((word) => apiName(prefix, word));
}

function yesOrNo(said: boolean | undefined): 'Yes' | 'No' | undefined {
  return said === undefined ? undefined : said ? 'Yes' : 'No';
}
