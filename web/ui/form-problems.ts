import type { FormInstance } from 'antd';
import { ApiProblem } from '../api/problem.ts';

/**
 * Puts what the server says about single fields under those fields, and the cursor into the first. The form's names are the
 * paths of the request's body: `/person/email` belongs to `name={['person', 'email']}`.
 */
export function showFieldProblems(form: FormInstance, error: unknown): void {
  if (!(error instanceof ApiProblem) || error.fields.length === 0) return;
  const fields = error.fields.map(({ path, message }) => ({ name: nameOf(path), errors: [message] }));
  form.setFields(fields);
  const [first] = fields;
  if (first) form.scrollToField(first.name, { focus: true, block: 'center' });
}

/** RFC 6901. */
function nameOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
