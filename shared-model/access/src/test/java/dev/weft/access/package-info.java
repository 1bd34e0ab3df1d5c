@NullMarked
package dev.weft.access;

import org.jspecify.annotations.NullMarked;
