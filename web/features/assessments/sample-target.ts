/** What nobody begins from nothing: a service with an upload, a state and a page. docs/target.md explains each part. */
export const sampleTarget = {
  hosts: ['https://staging.video.example'],
  perSecond: 10,
  headers: { authorization: 'Bearer {{secret.token}}' },
  publish: {
    request: { method: 'POST', path: '/api/media', form: { declared: '{{declared}}', file: '{{sample}}' } },
    declared: { yes: 'generated', no: 'no' },
    item: '$.id',
    formats: ['jpeg', 'png', 'mp4'],
    onceByKey: 'Idempotency-Key',
  },
  item: {
    request: { path: '/api/media/{{item}}' },
    ready: { path: '$.state', is: ['ready'] },
    renditions: { each: '$.renditions[*]', name: '$.name', url: '$.url' },
    sign: { path: '$.sign', says: { confirmed: ['confirmed'], possible: ['possible'], suspected: ['suspected'] } },
  },
  page: {
    request: { path: '/watch/{{item}}' },
    says: {
      confirmed: ['AI-generated'],
      possible: ['May be AI-generated'],
      suspected: ['Suspected AI-generated'],
    },
  },
  remove: { request: { method: 'DELETE', path: '/api/media/{{item}}' } },
};
