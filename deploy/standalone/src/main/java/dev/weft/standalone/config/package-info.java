/** {@code config show} and the options that name a deployment file. */
@NullMarked
package dev.weft.standalone.config;

import org.jspecify.annotations.NullMarked;
