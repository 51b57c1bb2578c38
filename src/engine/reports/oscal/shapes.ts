/**
 * The parts of OSCAL 1.2 (NIST) that an assessment needs, named as its JSON names them. OSCAL forbids empty lists: a list that is
 * optional here is left out when it would be empty.
 */

export interface Prop {
  name: string;
  ns?: string;
  value: string;
  remarks?: string;
}

export interface Link {
  href: string;
  rel?: string;
  'resource-fragment'?: string;
  text?: string;
}

export interface Actor {
  type: 'tool' | 'party';
  'actor-uuid': string;
}

export interface Origin {
  actors: Actor[];
  'related-tasks'?: { 'task-uuid': string }[];
}

export interface Party {
  uuid: string;
  type: 'person' | 'organization';
  name: string;
  'external-ids'?: { id: string; scheme: string }[];
}

export interface Metadata {
  title: string;
  'last-modified': string;
  version: string;
  'oscal-version': string;
  'document-ids': { identifier: string }[];
  props: Prop[];
  roles?: { id: string; title: string }[];
  parties?: Party[];
  'responsible-parties'?: { 'role-id': string; 'party-uuids': string[] }[];
  remarks: string;
}

export interface Resource {
  uuid: string;
  title: string;
  description?: string;
  props: Prop[];
  citation?: { text: string };
  rlinks?: { href: string; 'media-type'?: string; hashes?: { algorithm: 'SHA-256'; value: string }[] }[];
}

export interface BackMatter {
  resources: Resource[];
}

export interface Component {
  uuid: string;
  type: 'service' | 'software';
  title: string;
  description: string;
  props?: Prop[];
  status: { state: 'operational' | 'under-development' | 'other'; remarks?: string };
}

export interface SubjectReference {
  'subject-uuid': string;
  type: 'component';
}

export interface SubjectSelection {
  type: 'component';
  'include-subjects': SubjectReference[];
}

type ControlSelection = { 'include-controls': { 'control-id': string }[] } | { 'include-all': object };

export interface ReviewedControls {
  'control-selections': ControlSelection[];
  'control-objective-selections'?: { 'include-objectives': { 'objective-id': string }[] }[];
}

export interface Part {
  id?: string;
  name: string;
  title?: string;
  props?: Prop[];
  prose?: string;
}

export interface LocalObjective {
  'control-id': string;
  description: string;
  props: Prop[];
  links?: Link[];
  parts: Part[];
  remarks: string;
}

export interface Activity {
  uuid: string;
  title: string;
  description: string;
  props: Prop[];
  steps: { uuid: string; title: string; description: string }[];
  'related-controls'?: ReviewedControls;
}

export interface Task {
  uuid: string;
  type: 'action';
  title: string;
  timing: { 'within-date-range': { start: string; end: string } };
  'associated-activities': { 'activity-uuid': string; subjects: SubjectSelection[] }[];
}

export interface AssessmentAssets {
  components: Component[];
  'assessment-platforms': { uuid: string; title: string; 'uses-components': { 'component-uuid': string }[] }[];
}

export interface Evidence {
  href: string;
  description: string;
  props?: Prop[];
  links?: Link[];
}

export interface Observation {
  uuid: string;
  title: string;
  description: string;
  props: Prop[];
  methods: 'TEST'[];
  types: ('control-objective' | 'finding')[];
  origins: Origin[];
  subjects: SubjectReference[];
  'relevant-evidence': Evidence[];
  collected: string;
}

export interface RelatedObservation {
  'observation-uuid': string;
}

export interface RelatedRisk {
  'risk-uuid': string;
}

export interface TargetStatus {
  state: 'satisfied' | 'not-satisfied';
  reason: 'pass' | 'fail' | 'other';
  remarks?: string;
}

export interface Finding {
  uuid: string;
  title: string;
  description: string;
  props: Prop[];
  origins: Origin[];
  target: {
    type: 'objective-id';
    'target-id': string;
    status: TargetStatus;
    'implementation-status'?: { state: 'not-applicable' };
  };
  'related-observations'?: RelatedObservation[];
  'related-risks'?: RelatedRisk[];
}

export interface Facet {
  name: string;
  system: string;
  value: string;
}

export interface RiskTask {
  uuid: string;
  type: 'milestone';
  title: string;
  timing: { 'on-date': { date: string } };
}

export interface Remediation {
  uuid: string;
  lifecycle: 'planned' | 'completed';
  title: string;
  description: string;
  props?: Prop[];
  tasks: RiskTask[];
}

type RiskStatus = 'open' | 'remediating' | 'closed';

export interface RiskLogEntry {
  uuid: string;
  title: string;
  description?: string;
  start: string;
  end: string;
  props: Prop[];
  'status-change': RiskStatus;
}

export interface Risk {
  uuid: string;
  title: string;
  description: string;
  statement: string;
  props: Prop[];
  status: RiskStatus;
  origins: Origin[];
  characterizations: { origin: Origin; facets: Facet[] }[];
  deadline?: string;
  remediations?: Remediation[];
  'risk-log'?: { entries: RiskLogEntry[] };
  'related-observations'?: RelatedObservation[];
}

export interface PlanItem {
  uuid: string;
  title: string;
  description: string;
  props: Prop[];
  origins: Origin[];
  'related-findings'?: { 'finding-uuid': string }[];
  'related-observations'?: RelatedObservation[];
  'related-risks': RelatedRisk[];
}

export interface AssessmentPlan {
  uuid: string;
  metadata: Metadata;
  'import-ssp': { href: string; remarks: string };
  'local-definitions': {
    components: Component[];
    'objectives-and-methods'?: LocalObjective[];
    activities?: Activity[];
  };
  'reviewed-controls': ReviewedControls;
  'assessment-subjects': SubjectSelection[];
  'assessment-assets': AssessmentAssets;
  tasks?: Task[];
  'back-matter': BackMatter;
}

export interface AssessmentResults {
  uuid: string;
  metadata: Metadata;
  'import-ap': { href: string; remarks: string };
  results: {
    uuid: string;
    title: string;
    description: string;
    start: string;
    end: string;
    props: Prop[];
    links: Link[];
    'reviewed-controls': ReviewedControls;
    observations?: Observation[];
    risks?: Risk[];
    findings?: Finding[];
  }[];
  'back-matter': BackMatter;
}

export interface PlanOfActionAndMilestones {
  uuid: string;
  metadata: Metadata;
  'system-id': { id: string; 'identifier-type': string };
  'local-definitions': { components: Component[]; 'assessment-assets': AssessmentAssets };
  observations?: Observation[];
  risks: Risk[];
  findings?: Finding[];
  'poam-items': PlanItem[];
  'back-matter': BackMatter;
}
