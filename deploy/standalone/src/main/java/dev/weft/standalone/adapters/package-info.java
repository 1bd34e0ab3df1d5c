/**
 * The catalog's admin API from the shell: commands for adapters, versions, aliases, tokens and
 * workers, and their output. Calls block.
 */
@NullMarked
package dev.weft.standalone.adapters;

import org.jspecify.annotations.NullMarked;
