/**
 * How settings are declared and read. A feature declares its settings as a record with {@link
 * org.springframework.boot.context.properties.ConfigurationProperties}, {@link
 * org.springframework.boot.context.properties.bind.DefaultValue} and the constraints of Bean
 * Validation, beside the code that uses them. The allowed values, the listing and the documentation
 * follow from that record. Immutable; any thread.
 */
@NullMarked
package dev.weft.settings;

import org.jspecify.annotations.NullMarked;
