@NullMarked
package dev.weft.inference.server.constraint;

import org.jspecify.annotations.NullMarked;
