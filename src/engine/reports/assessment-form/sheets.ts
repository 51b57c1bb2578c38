import type { Rulebook } from '../../../contract/rulebook.ts';

/** A form, its rulebook's own or a plain one. */
type Form = NonNullable<Rulebook['form']>;

/**
 * Those in whose form a report is drawn: each that has one, and of every jurisdiction at least one, in a plain form where it must be, so that
 * all requirements stand somewhere.
 */
export function withSheets<Named extends { rulebook: Rulebook }>(
  rulebooks: readonly Named[],
): (Named & { rulebook: { form: Form } })[] {
  return [...Map.groupBy(rulebooks, ({ rulebook }) => rulebook.jurisdiction).values()].flatMap((some) => {
    const official = some.filter(({ rulebook }) => rulebook.form);
    return (official.length > 0 ? official : some.slice(0, 1)).map((named) => ({
      ...named,
      rulebook: { ...named.rulebook, form: named.rulebook.form ?? plainForm(named.rulebook) },
    }));
  });
}

/** For a rulebook whose authority gave out no form: who, what, and then what every form has after it. */
function plainForm({ title }: Pick<Rulebook, 'title'>): Form {
  const field = (id: string, zh: string, en: string, kind: 'text' | 'long-text' | 'url' | 'tel' = 'text') => ({
    ...{ id, kind, required: true },
    label: { zh, en },
  });
  return {
    title: { zh: `${title.zh}：评估报告`, en: `${title.en}: assessment report` },
    source: [],
    provenance: 'K',
    verified: false,
    sections: [
      {
        id: 'unit',
        label: { zh: '单位', en: 'Organisation' },
        fields: [
          field('name', '名称', 'Name'),
          field('place_of_registration', '注册地', 'Place of registration'),
          field('contact_name', '联系人', 'Contact'),
          field('contact_phone', '联系电话', 'Telephone', 'tel'),
        ],
      },
      {
        id: 'basics',
        label: { zh: '服务与功能', en: 'Service and function' },
        fields: [
          field('service_name', '服务名称', 'Service'),
          field('function_name', '功能名称', 'Function'),
          field('function_description', '说明', 'Description', 'long-text'),
          field('url', '网址', 'Address', 'url'),
        ],
      },
    ],
  };
}
