package dev.weft.format.lora.config;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The modules that a configuration names in {@code target_modules} or {@code exclude_modules}. */
sealed interface ModuleSelection {
    /** True if PEFT would take the module of this path. */
    boolean selects(String path, PythonPattern.Budget budget);

    /** A list of names: the whole path or its end from a dot on, as PEFT matches lists. */
    record Names(Set<String> names) implements ModuleSelection {
        public Names {
            names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        }

        Names(List<String> names) {
            this(new LinkedHashSet<>(names));
        }

        @Override
        public boolean selects(String path, PythonPattern.Budget budget) {
            boolean selects = names.contains(path);
            for (int dot = path.indexOf('.'); dot >= 0 && !selects; ) {
                selects = names.contains(path.substring(dot + 1));
                dot = path.indexOf('.', dot + 1);
            }
            return selects;
        }

        static boolean matches(String name, String path) {
            return path.equals(name) || path.endsWith("." + name);
        }
    }

    /** One regular expression over the whole path. */
    record Expression(String text, PythonPattern pattern) implements ModuleSelection {
        @Override
        public boolean selects(String path, PythonPattern.Budget budget) {
            return pattern.matchesWhole(path, budget);
        }
    }

    /** {@code all-linear}: every linear layer but the output layer. */
    record AllLinear() implements ModuleSelection {
        /** Every path of a decoder's module has this, whatever the base's decoder is called. */
        private static final String LAYERS = "layers.";

        @Override
        public boolean selects(String path, PythonPattern.Budget budget) {
            return path.contains(LAYERS);
        }
    }

    /**
     * {@code layers_to_transform} and {@code layers_pattern}: the layers that a list of names
     * covers. Whole paths in the list are not limited by it.
     *
     * @param pattern reads the layer's index from a path, as PEFT's expression does
     */
    record LayerLimit(List<Integer> layers, List<PythonPattern> pattern) {
        public LayerLimit {
            layers = List.copyOf(layers);
            pattern = List.copyOf(pattern);
        }

        boolean allows(String path, PythonPattern.Budget budget) {
            for (PythonPattern p : pattern) {
                String index = p.layer(path, budget).orElse("");
                if (!index.isEmpty()) {
                    return layers.stream().anyMatch(n -> String.valueOf(n).equals(index));
                }
            }
            return false;
        }
    }

    /** Everything that PEFT considers to decide whether a module gets an adapter. */
    record Targets(
            ModuleSelection targets,
            @Nullable ModuleSelection excluded,
            @Nullable LayerLimit limit) {
        boolean take(String path, PythonPattern.Budget budget) {
            if (isExcluded(path, budget) || !targets.selects(path, budget)) {
                return false;
            }
            boolean limited = targets instanceof Names list && !list.names().contains(path);
            return limit == null || !limited || limit.allows(path, budget);
        }

        boolean isExcluded(String path, PythonPattern.Budget budget) {
            return excluded != null && excluded.selects(path, budget);
        }
    }
}
