@NullMarked
package dev.weft.model.loop;

import org.jspecify.annotations.NullMarked;
