/**
 * PEFT's configuration of an adapter: reads adapter_config.json, refuses settings that would change
 * what the adapter computes and are not served, and resolves target modules, ranks and Python
 * patterns to modules of the base. Reads a JSON tree; keeps no state.
 */
@NullMarked
package dev.weft.format.lora.config;

import org.jspecify.annotations.NullMarked;
