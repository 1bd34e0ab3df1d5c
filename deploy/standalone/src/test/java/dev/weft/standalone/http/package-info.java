@NullMarked
package dev.weft.standalone.http;

import org.jspecify.annotations.NullMarked;
