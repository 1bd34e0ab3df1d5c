/** The catalog's admin API from the shell, and the client that talks to it. Blocking. */
@NullMarked
package dev.weft.standalone.adapters;

import org.jspecify.annotations.NullMarked;
