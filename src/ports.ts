/**
 * What the engine asks of the machine and of the person, as small interfaces. The extension, the CLI and the
 * tests each bring their own; nothing below `vscode/` and `cli/` reaches the machine in another way.
 */

export interface Disposable {
  dispose(): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Reads of the user's files. Paths are absolute; errors are `CS-FILE-*`. */
export interface FileFacts {
  readonly size: number;
  readonly mtimeMs: number;
  /** True when other users of this machine may read it; absent where that cannot be told. */
  readonly readableByOthers?: boolean;
}

export interface FileReader {
  readText(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  exists(path: string): Promise<boolean>;
  /** Size in bytes, or undefined when the file is not there. */
  size(path: string): Promise<number | undefined>;
  /** Size and time of change, so that a cache can tell an unchanged file; undefined when it is not there. */
  stat?(path: string): Promise<FileFacts | undefined>;
  /** Names of the files in a folder; empty when there is none. Absent where folders cannot be listed. */
  list?(folder: string): Promise<readonly string[]>;
  /** With every symbolic link resolved; absent where there are none. */
  realPath?(path: string): Promise<string>;
}

/** Writes that a person asked for, in a file of theirs. Paths are absolute; folders on the way are made. */
export interface FileWriter {
  /**
   * `create` leaves a file that is there alone. Half a file is never left behind.
   * @returns false when `create` found one @throws CountersignError CS-FILE-UNWRITABLE
   */
  write(path: string, content: AsyncIterable<Uint8Array>, how: 'create' | 'replace'): Promise<boolean>;
}

/** The encrypted store: VS Code's SecretStorage, the OS keyring, or memory. Values are UTF-8 text. */
export interface SecretStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
  /** Fires with the key that changed, also when another window changed it. */
  onDidChange(listener: (key: string) => void): Disposable;
  /** Where secrets rest, in words for the person, and whether they outlive this process. */
  describe(): { readonly place: string; readonly durable: boolean };
}

/** Small non-secret state of the user, outside any workspace: approvals, pins, own definitions. JSON values. */
export interface StateStore {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;
  onDidChange(listener: (key: string) => void): Disposable;
}

/** A lock that holds across windows and processes of one machine; resolves to its release. */
export interface LockProvider {
  acquire(
    name: string,
    options: { readonly staleMs: number; readonly signal?: AbortSignal },
  ): Promise<() => Promise<void>>;
}

export interface ApprovalLine {
  readonly label: string;
  readonly value: string;
  /** The approved value, on a change. */
  readonly before?: string;
}

/** What a person is asked before a proposed or changed definition is used (ux.md D2). */
export interface ApprovalRequest {
  readonly credential: string;
  /** `Let orders use https://api.example.com?` */
  readonly title: string;
  readonly lines: readonly ApprovalLine[];
  readonly changed: boolean;
  /** Absolute path of the file that asked, when there is one. */
  readonly file?: string;
}

/** Questions to the person. Every method resolves to undefined or false when nobody is there or they decline. */
export interface Prompts {
  /** False in CI and in an untrusted workspace: nothing may ask, sign-in cannot be interactive. */
  readonly interactive: boolean;
  approve(request: ApprovalRequest, signal?: AbortSignal): Promise<boolean>;
  input(
    question: { readonly title: string; readonly prompt: string; readonly secret: boolean; readonly value?: string },
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  pick(
    question: { readonly title: string; readonly items: readonly string[] },
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /** `detail` may have several lines; resolves to the chosen label. */
  choose(
    question: { readonly title: string; readonly detail?: string; readonly choices: readonly string[] },
    signal?: AbortSignal,
  ): Promise<string | undefined>;
}

/** Opens the user's own browser; false when the person or the system refused. */
export interface Browser {
  open(url: string): Promise<boolean>;
}
