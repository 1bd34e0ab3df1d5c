/**
 * PEFT's configuration of an adapter. The package reads adapter_config.json, refuses unserved
 * settings that would change the adapter's computation, and resolves target modules, ranks and
 * Python patterns to modules of the base. It reads a JSON tree and keeps no state.
 */
@NullMarked
package dev.weft.format.lora.config;

import org.jspecify.annotations.NullMarked;
