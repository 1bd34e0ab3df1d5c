@NullMarked
package dev.weft.access.tls;

import org.jspecify.annotations.NullMarked;
