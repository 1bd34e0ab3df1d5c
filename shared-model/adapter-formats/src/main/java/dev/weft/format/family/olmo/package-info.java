/** OLMo 2: norms after each part, and over whole queries and keys. */
@NullMarked
package dev.weft.format.family.olmo;

import org.jspecify.annotations.NullMarked;
