import { licences } from 'virtual:licences';
import { useQuery } from '@tanstack/react-query';
import '../../ui/data-table.css';
import { installationQuery } from '../../api/installation.ts';
import { Mirror } from '../../ui/mirror.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';

export function About() {
  const say = useWords();
  const { data } = useQuery(installationQuery);
  return (
    <Page title={say('accounts.settings.about')} width="text">
      <div className="about">
        <Mirror sizePx={56} />
        <div>
          <p className="about-name">
            Clearmirror <span lang="zh-CN">明鉴</span> {data?.version}
          </p>
          <p className="quiet">{say('accounts.about.what')}</p>
          <p className="quiet">{say('accounts.about.saying')}</p>
        </div>
      </div>
      {data?.demo && <p>{say('accounts.about.demo')}</p>}
      <Section title={say('accounts.about.licence')} lead={say('accounts.about.licence.text')}>
        <table className="data-table licences">
          <caption className="unseen">{say('accounts.about.packages')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('accounts.about.package')}</th>
              <th scope="col">{say('accounts.about.version')}</th>
              <th scope="col">{say('accounts.about.licence')}</th>
            </tr>
          </thead>
          <tbody>
            {licences.map(({ name, version, licence }) => (
              <tr key={name}>
                <td>{name}</td>
                <td data-title={say('accounts.about.version')}>{version}</td>
                <td data-title={say('accounts.about.licence')}>{licence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </Page>
  );
}
