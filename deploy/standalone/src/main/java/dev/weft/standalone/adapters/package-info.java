/**
 * The catalog's admin API from the shell: commands for adapters, versions, aliases, tokens and
 * workers, and what they print. Blocking.
 */
@NullMarked
package dev.weft.standalone.adapters;

import org.jspecify.annotations.NullMarked;
