package main

import (
	"slices"
	"strconv"
)

// mapOrder gives the bulk entries of a placed order: Placed Order with the profile, and one Ordered Product per line.
func mapOrder(order object) []any {
	inner := order["order"].(object)
	lines := inner["lines"].([]any)
	items := make([]any, 0, len(lines))
	var names, skus, categories []any
	count := 0.0
	for _, each := range lines {
		line := each.(object)
		items = append(items, item(line))
		names = appendNew(names, line["title"])
		skus = appendNew(skus, line["sku"])
		categories = appendNew(categories, line["category"])
		count += line["quantity"].(float64)
	}
	properties := identification(order)
	properties["OrderState"] = inner["state"]
	properties["ItemNames"] = names
	properties["SKUs"] = skus
	properties["Categories"] = categories
	properties["ItemCount"] = count
	properties["Items"] = items
	properties["OriginalAmount"] = amount(order["amount"])
	properties["OriginalCurrency"] = currency(order["amount"])
	properties["$extra"] = object{"EventId": order["eventId"], "OrderKey": order["orderKey"],
		"ContactSource": order["contact"].(object)["source"],
		"Order": object{"PlacedAt": inner["placedAt"], "OriginalAmount": amount(inner["amount"]),
			"OriginalCurrency": currency(inner["amount"])}}
	entries := []any{entry("Placed Order", order["eventId"], order, order["amountReporting"], properties, profile(order))}
	email := object{"email": order["contact"].(object)["email"]}
	for _, each := range lines {
		line := each.(object)
		properties := identification(order)
		for name, value := range item(line) {
			properties[name] = value
		}
		entries = append(entries, entry("Ordered Product", line["eventId"], order, line["amountReporting"], properties, email))
	}
	return entries
}

func entry(metric string, id any, order object, value any, properties, profile object) object {
	return object{"type": "event-bulk-create", "attributes": object{
		"profile": object{"data": object{"type": "profile", "attributes": profile}},
		"events": object{"data": []any{object{"type": "event", "attributes": object{
			"properties": properties, "time": order["occurredAt"], "value": amount(value),
			"value_currency": currency(value), "unique_id": id, "backfill": true,
			"metric": object{"data": object{"type": "metric", "attributes": object{"name": metric}}},
		}}}},
	}}
}

func identification(order object) object {
	return object{"OrderId": order["orderId"], "Marketplace": "Maison", "MarketplaceId": order["marketplaceId"],
		"Channel": order["channel"], "Country": order["country"]}
}

func item(line object) object {
	return object{"LineId": line["lineId"], "Quantity": line["quantity"], "ProductID": line["sku"], "SKU": line["sku"],
		"OperatorSKU": line["productSku"], "ProductName": line["title"], "ImageURL": line["imageUrl"],
		"Categories": []any{line["category"]}, "ItemPrice": amount(line["unitPrice"]), "RowTotal": amount(line["amount"]),
		"Currency": currency(line["amount"])}
}

var profileAmounts = map[string]string{"gross": "Marketplace Gross", "refunded": "Marketplace Refunded",
	"net": "Marketplace Net", "averageOrder": "Marketplace Average Order", "lastOrderAmount": "Marketplace Last Order Value"}
var profileValues = map[string]string{"orders": "Marketplace Orders", "firstOrderAt": "Marketplace First Order At",
	"lastOrderAt": "Marketplace Last Order At", "skus": "Marketplace SKUs", "productTitles": "Marketplace Products",
	"refundedSkus": "Marketplace Refunded SKUs", "channels": "Marketplace Channels", "countries": "Marketplace Countries",
	"lastChannel": "Marketplace Last Channel", "reviewRequestAllowed": "Marketplace Review Request Allowed",
	"amountsComplete": "Marketplace Amounts Complete", "contactClass": "Marketplace Contact Class",
	"version": "Marketplace Profile Version"}

func profile(order object) object {
	from := order["profile"].(object)
	properties := object{}
	for field, name := range profileAmounts {
		properties[name] = amount(from[field])
	}
	for field, name := range profileValues {
		properties[name] = from[field]
	}
	properties["Marketplace Currency"] = currency(from["gross"])
	return object{"email": order["contact"].(object)["email"], "first_name": from["firstName"], "last_name": from["lastName"],
		"locale": from["locale"], "location": object{"city": from["city"], "country": from["country"], "zip": from["postalCode"]},
		"properties": properties}
}

func amount(value any) any {
	if value == nil {
		return nil
	}
	number, err := strconv.ParseFloat(value.(object)["amount"].(string), 64)
	if err != nil {
		fail(err)
	}
	return number
}

func currency(value any) any {
	if value == nil {
		return nil
	}
	return value.(object)["currency"]
}

// appendNew is for the few lines of an order: a set would cost more than it saves.
func appendNew(values []any, value any) []any {
	if slices.Contains(values, value) {
		return values
	}
	return append(values, value)
}
