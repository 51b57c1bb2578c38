import { type ReactNode, useState } from 'react';
import { useWords } from '../../words/words.ts';
import type { Operation, Schema } from './openapi.ts';
import { SchemaView, typeOf } from './schema-view.tsx';

/** One line; unfolded, all of what goes in and comes out. */
export function OperationFold({ operation, schemas }: { operation: Operation; schemas: Record<string, Schema> }) {
  const { id, method, path, summary } = operation;
  const [opened, setOpened] = useState(false);
  return (
    <details className="operation" id={id} onToggle={({ currentTarget }) => setOpened(opened || currentTarget.open)}>
      <summary>
        <span className={`method method-${method.toLowerCase()}`}>{method}</span>
        <code>{path}</code>
        <span className="quiet">{summary}</span>
      </summary>
      {opened && <OperationBody operation={operation} schemas={schemas} />}
    </details>
  );
}

function OperationBody({ operation, schemas }: { operation: Operation; schemas: Record<string, Schema> }) {
  const say = useWords();
  const { description, parameters, body, answers } = operation;
  return (
    <div className="operation-body">
      {description && <p>{description}</p>}
      {parameters.length > 0 && (
        <Part title={say('reference.parameters')}>
          <ul className="fields">
            {parameters.map(({ name, where, required, description: about, schema }) => (
              <li key={`${where} ${name}`}>
                <code>{name}</code> <span className="quiet">{where}</span>{' '}
                <span className="type">{typeOf(schema)}</span>
                {required && <span className="required"> {say('reference.required')}</span>}
                {about && <p className="quiet">{about}</p>}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {Object.entries(body).map(([type, schema]) => (
        <Part key={type} title={say('reference.body')} note={type}>
          <SchemaView schema={schema} schemas={schemas} />
        </Part>
      ))}
      {answers.map(({ status, description: about, content }) => (
        <Part
          key={status}
          title={status === 'default' ? say('reference.otherwise') : `${say('reference.answer')} ${status}`}
          note={about}
        >
          {Object.entries(content).map(([type, schema]) => (
            <SchemaView key={type} schema={schema} schemas={schemas} />
          ))}
        </Part>
      ))}
    </div>
  );
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="operation-part">
      <h3>
        {title} {note && <span className="quiet">{note}</span>}
      </h3>
      {children}
    </section>
  );
}
