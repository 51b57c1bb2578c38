import { Problem } from '../../contract/problem.ts';

export function withdrawn({ slug }: { slug: string }): Problem {
  return new Problem('withdrawn', 'It was withdrawn and stays as it was.', { status: 409, params: { slug } });
}

export function slugTaken(slug: string): Problem {
  return new Problem('slug-taken', 'That short name is taken.', {
    status: 409,
    params: { slug },
    fields: [{ path: '/slug', code: 'slug-taken', message: slug }],
  });
}
