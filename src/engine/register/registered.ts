import type { CompanyFields } from '../../contract/company.ts';
import type { NewFigure, NewFunction, NewService, Service, ServiceFunction } from '../../contract/register.ts';

type ServiceFieldsNow = Omit<NewService, 'slug'>;
type FunctionFieldsNow = Omit<NewFunction, 'slug'>;

export interface RegisteredFunction extends FunctionFieldsNow {
  revision: number;
  slug: string;
  state: ServiceFunction['state'];
  version: number;
  launchedOn: string | null;
  /** The last day on which any version of it was launched. */
  lastLaunchedOn: string | null;
  /** A report was filed about this version, or it is launched: a change of features or facts makes a new version. */
  fixed: boolean;
}

export interface RegisteredService extends ServiceFieldsNow {
  revision: number;
  slug: string;
  state: Service['state'];
  launchedOn: string | null;
  /** The newest figure of each kind and day that the document names. */
  figures: NewFigure[];
  functions: RegisteredFunction[];
}

/** What is registered now, without what is withdrawn. */
export interface Registered {
  company: (CompanyFields & { revision: number }) | null;
  services: RegisteredService[];
}

export interface PlanWish {
  /** Withdraw what the document's lists do not name. */
  prune: boolean;
  /** The last day that is not in the future anywhere on earth. */
  latestDay: string;
}
