/** What a grammar may take, and why one is refused or given up. */
@NullMarked
package dev.weft.grammar.limit;

import org.jspecify.annotations.NullMarked;
