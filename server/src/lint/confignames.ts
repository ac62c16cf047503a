// How configurations are named: known before anything else of the linter is loaded.

/** Names of the configuration, in the folder of the policies or above. */
export const CONFIG_NAMES = ["policy.config.yaml", "policy.config.yml"] as const;
/** Whether a path or uri is that of a configuration. */
export const CONFIG_FILE = /(?:^|[\\/])policy\.config\.ya?ml$/u;
