/** What a redirect receiver is: one file here, one line in `registry.ts`. It brings the browser's answer back. */
import type { BrokerLimits, OAuthCredential, UriHandlerPort } from '../ports.ts';
import type { AnswerPlace, DeliveryOutcome } from '../pending-flows.ts';

export interface ReceiverContext {
  readonly credential: OAuthCredential;
  /** Of the approved definition: for the landing page. */
  readonly issuerHost: string;
  readonly returnTo: string;
  /** Back from a sign-out. */
  readonly leaving?: boolean;
  readonly limits: BrokerLimits;
  readonly place: AnswerPlace;
  /** Whose pages may post the answer: origins of the provider. */
  readonly origins: readonly string[];
  readonly uriHandler: UriHandlerPort | undefined;
  /** Hands a redirect to the flow this receiver was opened for; resolves when the sign-in has ended. */
  deliver(url: string): Promise<DeliveryOutcome>;
  now(): number;
}

export interface OpenReceiver {
  /** The exact string for both legs. */
  readonly redirectUri: string;
  /** Lets an answer that is under way reach the browser, then closes; a moment at most. */
  finish(): Promise<void>;
  /** At once; resolves when nothing is open any more. */
  close(): Promise<void>;
}

export interface Receiver {
  /** As in `redirect` of a definition. */
  readonly name: 'loopback' | 'uri_handler' | 'paste';
  readonly label: string;
  /** True when a page can post the answer to it. */
  readonly takesForms: boolean;
  /** Throws CS-AUTH-REDIRECT-PORT or CS-AUTH-REDIRECT. */
  open(context: ReceiverContext): Promise<OpenReceiver>;
}
