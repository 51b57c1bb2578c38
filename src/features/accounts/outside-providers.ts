import { genericOAuth } from 'better-auth/plugins';

/** An outside identity provider, as the operator configured it. */
export interface IdentityProvider {
  id: string;
  name: string;
  /** Its OpenID Connect discovery document. */
  discoveryUrl: string;
  clientId: string;
  clientSecret: string;
}

/** How long the first look at all providers may take. Everybody's sign-in waits for it, with a password too. */
const patienceMs = 4_000;

/** Sign-in by OpenID Connect: authorization code with PKCE, state and nonce; only ID tokens whose signature is the provider's count. */
export function outsideProviders(providers: readonly IdentityProvider[]) {
  const config = providers.map(({ id, discoveryUrl, clientId, clientSecret }) => ({
    providerId: id,
    discoveryUrl,
    clientId,
    clientSecret,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    // A provider that publishes no keys cannot show that its word is its own.
    requireIdTokenVerification: true,
    // Who may come in is decided by invitation, not by having an account somewhere.
    disableSignUp: true,
  }));
  const plugin = genericOAuth({ config });
  return {
    ...plugin,
    init: async (context: Parameters<typeof plugin.init>[0]) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), patienceMs);
      });
      const looked = await Promise.race([plugin.init(context), late]);
      clearTimeout(timer);
      // As the plugin itself notes a provider that did not answer: it is asked again, with patience of its own, when somebody wants it.
      return looked === 'late'
        ? { context: { genericOAuthPendingDiscovery: new Map(config.map((one) => [one.providerId, one])) } }
        : looked;
    },
  };
}
