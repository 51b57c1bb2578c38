import { Form, Input } from 'antd';
import { useLang, useWords } from '../../words/words.ts';
import '../rulebooks/forms.css';
import { slugFrom, slugPattern } from '../rulebooks/names.ts';

/** A name in Chinese, in English or in both; the reader's language first. `at` is where it stands in the form. */
export function NameFields({
  at = [],
  example,
  onEnglish,
}: {
  at?: string[];
  example: 'service' | 'function' | 'company';
  /** A short name made of the English one. */
  onEnglish?: (slug: string) => void;
}) {
  const say = useWords();
  const lang = useLang();
  const both = lang === 'zh' ? (['zh', 'en'] as const) : (['en', 'zh'] as const);
  const other = { zh: 'en', en: 'zh' } as const;
  return (
    <div className="two-fields">
      {both.map((one) => (
        <Form.Item
          key={one}
          name={[...at, one]}
          label={say(`register.name.${one}`)}
          dependencies={[[...at, other[one]]]}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_rule, value: unknown) =>
                isText(value) || isText(getFieldValue([...at, other[one]]))
                  ? Promise.resolve()
                  : Promise.reject(new Error(say('register.name.missing'))),
            }),
          ]}
        >
          <Input
            maxLength={200}
            autoComplete="off"
            placeholder={say(`register.example.${example}.${one}`)}
            {...(one === 'en' && onEnglish && { onChange: ({ target }) => onEnglish(slugFrom(target.value)) })}
          />
        </Form.Item>
      ))}
    </div>
  );
}

/** The name in addresses, commands and pipelines. */
export function SlugField({ onOwn }: { onOwn?: () => void }) {
  const say = useWords();
  return (
    <Form.Item
      name="slug"
      label={say('register.slug')}
      extra={say('register.slug.about')}
      rules={[
        { required: true, message: say('register.slug.missing') },
        { pattern: slugPattern, message: say('register.slug.wrong') },
      ]}
    >
      <Input
        maxLength={63}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="slug-input"
        {...(onOwn && { onChange: onOwn })}
      />
    </Form.Item>
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
