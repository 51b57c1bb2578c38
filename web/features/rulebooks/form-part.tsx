import type { Rulebook } from '../../../src/contract/rulebook.ts';
import { useLang, useWords } from '../../words/words.ts';
import { SourceLinks, VerifiedMark } from './rule-parts.tsx';

/** The form in which the authority wants the report: its sections and fields, in its order and with its names. */
export function FormPart({ form, rulebook }: { form: NonNullable<Rulebook['form']>; rulebook: Rulebook }) {
  const say = useWords();
  const lang = useLang();
  const other = lang === 'zh' ? 'en' : 'zh';
  return (
    <section className="chapter" id="form">
      <h2>{say('rulebooks.chapter.form')}</h2>
      <p>
        {form.title[lang]} <span className="quiet">{form.title[other]}</span>
      </p>
      {form.sections.map(({ id, label, fields }) => (
        <div key={id} className="form-section">
          <h3>
            {label[lang]} <span className="clause-other">{label[other]}</span>
          </h3>
          <ul className="form-fields">
            {fields.map((field) => (
              <li key={field.id}>
                {field.label[lang]} <span className="quiet">{field.label[other]}</span>
                {field.about !== undefined && (
                  <>
                    {' '}
                    <a href={`#${field.about}`}>{field.about}</a>
                  </>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
      <p className="rule-foot">
        <VerifiedMark verified={form.verified} provenance={form.provenance} />
        <SourceLinks of={form.source} whole={rulebook} />
      </p>
    </section>
  );
}
