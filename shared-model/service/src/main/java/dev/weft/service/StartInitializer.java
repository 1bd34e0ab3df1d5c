package dev.weft.service;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.Order;

/** Gives a context the settings and beans that its service is started with. */
@Order(StartInitializer.ORDER)
record StartInitializer(ServiceStart start)
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    /** Runs before everything that asks for settings. */
    static final int ORDER = 0;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        start.settings().registerIn(beans);
        start.beans().forEach((type, bean) -> beans.registerSingleton(type.getName(), bean));
    }
}
